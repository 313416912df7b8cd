import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
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
}

/** A project of tenants without a program, and a Pulumi CLI that only pretends. */
export interface CliProject {
  readonly folder: string;
  run(...args: readonly string[]): Promise<CliResult>;
  /** @param onStart gets the process, and is called when a text is shown. */
  start(
    args: readonly string[],
    onStart: (child: ChildProcess, output: () => string) => void,
  ): Promise<CliResult>;
  calls(): FakePulumiCall[];
  remove(): void;
}

const cli = join(__dirname, "..", "cli.ts");

const startCli = (root: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, ["--require", "tsx/cjs", cli, "-C", root, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });

async function endOf(child: ReturnType<typeof startCli>): Promise<CliResult> {
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** Runs the fleet's command line on a project. */
export function runCli(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  onStart: (child: ChildProcess) => void = () => {},
): Promise<CliResult> {
  const child = startCli(root, args, env);
  onStart(child);
  return endOf(child);
}

/** @param tenants rings by name; an empty ring is none. */
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
  const start: CliProject["start"] = (args, onStart) => {
    const child = startCli(folder, args, {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env.PATH ?? ""}`,
      FAKE_PULUMI_CALLS: calls,
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
  return {
    folder,
    start,
    run: (...args) => start(args, () => {}),
    calls: () =>
      readFileSync(calls, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as FakePulumiCall),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
