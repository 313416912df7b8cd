import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findPulumi, languageHost } from "../../../packages/kit/find-pulumi";
import { skip } from "../../../packages/kit/testing/skip";
import { projectFolder } from "./project-folder";

/** A script that records its arguments and environment, then becomes the real CLI. */
const shim = `#!/bin/sh
{ printf 'ARGS %s\\n' "$*"; env; } >> "$PULUMI_RECORD"
exec "$REAL_PULUMI" "$@"
`;

export interface Machine {
  /** Folder of the project. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv & { readonly PULUMI_RECORD: string };
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, in the order of arrival. */
  readonly output: string;
}

/** Projects, each with its own Pulumi backend. Call inside `describe`: without a CLI it skips the suite with a message. */
export function pulumiMachines() {
  const project = projectFolder();
  let pulumi = "";
  before(function () {
    pulumi = findPulumi()?.binary ?? "";
    if (pulumi !== "" && process.platform !== "win32") return;
    skip(this, "there is no Pulumi CLI here that a shell script can wrap");
  });

  /** Runs with a `pulumi` on PATH that records how it is called. */
  function machine(): Machine {
    const root = project();
    const bin = join(root, "bin");
    mkdirSync(bin);
    mkdirSync(join(root, "state"));
    writeFileSync(join(bin, "pulumi"), shim);
    chmodSync(join(bin, "pulumi"), 0o755);
    // Nothing is deployed here, so the language host only has to be there.
    writeFileSync(join(bin, languageHost), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const { PULUMI_OPTION_SECRETS_PROVIDER: _, ...own } = process.env;
    const env = {
      ...own,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
      // No CLI of the SDK's version before it.
      HOME: root,
      USERPROFILE: root,
      REAL_PULUMI: pulumi,
      PULUMI_RECORD: join(root, "record.txt"),
      PULUMI_HOME: join(root, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(root, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase",
    };
    return { root, env };
  }

  function run({ root, env }: Machine, command: string, args: readonly string[], input = ""): Promise<Ran> {
    const child = spawn(command, args, { cwd: root, env });
    let stdout = "";
    let output = "";
    child.stdout.on("data", (data) => {
      stdout += data;
      output += data;
    });
    child.stderr.on("data", (data) => {
      output += data;
    });
    child.stdin.end(input);
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, output }));
    });
  }
  return { machine, run };
}
