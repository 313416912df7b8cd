import { spawn } from "node:child_process";
import { findPulumi } from "../../packages/kit/find-pulumi";
import { refuseSecondBackend } from "../../tenants/backend";

export interface PulumiRun {
  readonly ok: boolean;
  /** Pulumi's output on one line. */
  readonly reason: string;
}

export interface RunPulumiOptions {
  /** Folder of the project. */
  readonly root: string;
  /** Passed on standard input, which nobody else can read; every process on the machine can see arguments. */
  readonly secret?: string;
}

/**
 * Runs the Pulumi CLI non-interactively.
 * @returns undefined if there is no CLI.
 * @throws QtError QT9037
 */
export async function runPulumi(
  args: readonly string[],
  options: RunPulumiOptions,
): Promise<PulumiRun | undefined> {
  const cli = findPulumi();
  if (cli === undefined) return undefined;
  refuseSecondBackend(options.root);
  const { secret = "" } = options;
  const env: NodeJS.ProcessEnv = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  // The variable with the secret is for this command only.
  delete env[SECRET_VARIABLE];
  const child = spawn(cli.binary, [...args, "--non-interactive", "--color", "never"], {
    cwd: options.root,
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  // If the CLI ends before it reads its input, its output has the reason.
  child.stdin.on("error", () => {});
  child.stdin.end(secret);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { ok: code === 0, reason: oneLine(output, secret) };
}

/** True if Pulumi reported that there is no login to a backend. */
export function isLoginMissing(reason: string): boolean {
  return /PULUMI_ACCESS_TOKEN must be set|not logged in/i.test(reason);
}

/** Environment variable that may hold the API client's secret of a new tenant. */
export const SECRET_VARIABLE = "QUANTEMPLATE_CLIENT_SECRET";

function oneLine(output: string, secret: string): string {
  const text = secret === "" ? output : output.replaceAll(secret, "[secret]");
  return text
    .replace(/^error: /gm, "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join(" ");
}
