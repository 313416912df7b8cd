import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FakePulumiCall {
  readonly stack: string;
  readonly args: readonly string[];
  readonly secret?: string;
  /** Id of the process that it started. */
  readonly child?: number;
}

/** A project with tenants but without a program, and a fake Pulumi CLI. */
export interface CliProject {
  readonly folder: string;
  run(...args: readonly string[]): Promise<CliResult>;
  /** @param onStart Gets the process, and a function that returns its output so far. */
  start(
    args: readonly string[],
    onStart: (child: ChildByStdio, output: () => string) => void,
  ): Promise<CliResult>;
  calls(): FakePulumiCall[];
  /** Stacks whose Pulumi got a signal, once for each signal. */
  signals(): string[];
  /** Temporary folders that the command left. */
  leftovers(): string[];
  remove(): void;
}

type ChildByStdio = ReturnType<typeof startCli>;

const cli = join(__dirname, "..", "cli.ts");

const startCli = (root: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, ["--require", "tsx/cjs", cli, "-C", root, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });

async function endOf(child: ChildByStdio): Promise<CliResult> {
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  // A test may stop reading before the end.
  const readable = (stream: Readable) => text(stream).catch(() => "");
  const [stdout, stderr, code] = await Promise.all([readable(child.stdout), readable(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** Runs the fleet's command line in a project. */
export function runCli(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  onStart: (child: ChildByStdio) => void = () => {},
): Promise<CliResult> {
  const child = startCli(root, args, env);
  onStart(child);
  return endOf(child);
}

/** Lets processes with this temporary folder reuse tsx's compile cache. */
export function linkCompiled(temporary: string): void {
  const name = `tsx-${userInfo().uid}`;
  mkdirSync(join(tmpdir(), name), { recursive: true });
  symlinkSync(join(tmpdir(), name), join(temporary, name));
}

/** @param tenants Rings by tenant; an empty text means no ring. */
export function cliProject(tenants: Readonly<Record<string, string>>): CliProject {
  const folder = mkdtempSync(join(tmpdir(), "qt-fleet-cli-"));
  const calls = join(folder, "calls.txt");
  writeFileSync(calls, "");
  writeFileSync(join(folder, "Pulumi.yaml"), "name: quantemplate\nruntime: nodejs\n");
  for (const [name, ring] of Object.entries(tenants)) {
    const tags = ring === "" ? "" : `  quantemplate:tags:\n    ring: ${ring}\n`;
    writeFileSync(join(folder, `Pulumi.${name}.yaml`), `config:\n  quantemplate:clientId: ${name}\n${tags}`);
  }
  const pulumi = join(folder, "pulumi");
  writeFileSync(
    pulumi,
    `#!/bin/sh\nexec "${process.execPath}" "${join(__dirname, "fake-pulumi.mjs")}" "$@"\n`,
  );
  chmodSync(pulumi, 0o755);
  // A complete CLI has it; nothing here starts it.
  copyFileSync(pulumi, join(folder, "pulumi-language-nodejs"));
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  linkCompiled(temporary);
  const start: CliProject["start"] = (args, onStart) => {
    const child = startCli(folder, args, {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env.PATH ?? ""}`,
      // No CLI of the SDK's version before it, and none to download.
      HOME: folder,
      USERPROFILE: folder,
      CI: "",
      TF_BUILD: "",
      FAKE_PULUMI_CALLS: calls,
      TMPDIR: temporary,
      QUANTEMPLATE_CLIENT_SECRET: "planted-secret",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    onStart(child, () => output);
    return endOf(child);
  };
  const noted = () =>
    readFileSync(calls, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as FakePulumiCall & { readonly signal?: string });
  return {
    folder,
    start,
    run: (...args) => start(args, () => {}),
    calls: () => noted().filter(({ signal }) => signal === undefined),
    signals: () => noted().flatMap(({ stack, signal }) => (signal === undefined ? [] : [stack])),
    leftovers: () => readdirSync(temporary).filter((name) => name.startsWith("qt-fleet-")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
