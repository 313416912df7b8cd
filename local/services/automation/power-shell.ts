import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import type { Execution, LocalPace, RunbookExecutor } from "./runbook-executor";

const hostScript = path.join(__dirname, "sandbox-host.ps1");

/** Version of the PowerShell at `command`; undefined where it cannot be run. */
export async function powerShellVersion(command: string): Promise<string | undefined> {
  try {
    const arguments_ = ["-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion.ToString()"];
    const { stdout } = await promisify(execFile)(command, arguments_, { timeout: 20_000 });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** What the host script is given: assets and parameters through stdin, so that no secret is in an argument or the environment. */
export function sandboxInput(
  { content, parameters, sandbox }: Pick<Execution, "content" | "parameters" | "sandbox">,
  pace: LocalPace,
): { readonly stdin: string; readonly environment: Readonly<Record<string, string>> } {
  const { identity } = sandbox;
  return {
    stdin: JSON.stringify({
      jobId: sandbox.jobId,
      variables: [...sandbox.variables].map(([name, value]) => ({ name, value })),
      credentials: [...sandbox.credentials].map(([name, credential]) => ({ name, ...credential })),
      parameters: { ...localParameters(content, pace), ...parameters },
    }),
    environment: identity ? { IDENTITY_ENDPOINT: identity.endpoint, IDENTITY_HEADER: identity.header } : {},
  };
}

/**
 * Runs the content itself with PowerShell, inside a host script that provides Automation's cmdlets and identity endpoint.
 */
export function powerShellExecutor(command: string, pace: LocalPace): RunbookExecutor {
  return {
    async run(execution) {
      const { content, write, signal } = execution;
      const { stdin, environment } = sandboxInput(execution, pace);
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), "qt-runbook-"));
      try {
        const file = path.join(folder, "runbook.ps1");
        await fs.writeFile(file, content);
        const child = spawn(command, ["-NoProfile", "-NonInteractive", "-File", hostScript], {
          signal,
          stdio: ["pipe", "pipe", "pipe"],
          env: { ...process.env, RUNBOOK_FILE: file, ...environment },
        });
        const closed = once(child, "close");
        const failure = text(child.stderr);
        readline.createInterface({ input: child.stdout }).on("line", (line) => write("Output", line));
        child.stdin.end(stdin);
        const [exitCode] = (await closed) as [number | null];
        if (exitCode !== 0)
          throw new Error((await failure).trim() || `PowerShell ended with exit code ${exitCode}`);
      } finally {
        await fs.rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The script's parameters for another cloud, as far as the content declares them. */
function localParameters(content: string, pace: LocalPace): Record<string, unknown> {
  const all = {
    ArmEndpoint: pace.armEndpoint,
    LoginEndpoint: pace.loginEndpoint,
    FirstPollSeconds: pace.firstPollSeconds,
    LongestPollSeconds: pace.longestPollSeconds,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => content.includes(`$${name} =`)));
}
