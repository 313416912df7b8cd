import { once } from "node:events";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { text } from "node:stream/consumers";
import { endTree, spawnTree } from "./process-tree";
import type { Execution, LocalPace, RunbookExecutor } from "./runbook-executor";
import { createTurns } from "./turns";

const hostScript = path.join(__dirname, "sandbox-host.ps1");

/** The input of sandbox.ps1: assets and parameters as ASCII JSON through stdin, so that no secret is in an argument or the environment. */
export function sandboxInput(
  { content, parameters, sandbox }: Pick<Execution, "content" | "parameters" | "sandbox">,
  pace: Partial<LocalPace>,
): { readonly stdin: string; readonly environment: Readonly<Record<string, string>> } {
  const { identity } = sandbox;
  return {
    stdin: markedJson({
      jobId: sandbox.jobId,
      variables: [...sandbox.variables].map(([name, value]) => ({ name, value })),
      credentials: [...sandbox.credentials].map(([name, credential]) => ({ name, ...credential })),
      parameters: { ...localParameters(content, pace), ...parameters },
    }),
    environment: identity ? { IDENTITY_ENDPOINT: identity.endpoint, IDENTITY_HEADER: identity.header } : {},
  };
}

/**
 * Runs the published content with PowerShell, inside a host script that provides Automation's cmdlets and identity endpoint. At most
 * `atOnce` jobs have a process; the others wait for their turn.
 */
export function powerShellExecutor(command: string, pace: LocalPace, atOnce = 3): RunbookExecutor {
  const turns = createTurns(atOnce);
  return {
    async run(execution, started) {
      const { content, write, signal } = execution;
      const done = await turns.take(signal);
      started?.();
      let folder: string | undefined;
      try {
        folder = await fs.mkdtemp(path.join(os.tmpdir(), "runbook-"));
        const { stdin, environment } = sandboxInput(execution, pace);
        const file = path.join(folder, "runbook.ps1");
        await fs.writeFile(file, content);
        signal.throwIfAborted();
        const child = spawnTree(command, ["-NoProfile", "-NonInteractive", "-File", hostScript], {
          ...process.env,
          RUNBOOK_FILE: file,
          ...environment,
        });
        const stop = () => endTree(child);
        signal.addEventListener("abort", stop, { once: true });
        try {
          const closed = once(child, "close");
          const failure = text(child.stderr);
          readline.createInterface({ input: child.stdout }).on("line", (line) => write("Output", line));
          // A process that ended early closes its pipe; its exit code and stderr show why.
          child.stdin.on("error", () => {});
          // stdin stays open: the process ends when it closes, and therefore also if the emulator dies.
          child.stdin.write(`${stdin}\n`);
          const [exitCode] = (await closed) as [number | null];
          signal.throwIfAborted();
          if (exitCode !== 0)
            throw new Error((await failure).trim() || `PowerShell ended with exit code ${exitCode}`);
        } finally {
          signal.removeEventListener("abort", stop);
        }
      } finally {
        done();
        if (folder !== undefined) await fs.rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** JSON in ASCII in which every text begins with "=", so that PowerShell converts no text to a date. */
function markedJson(value: unknown): string {
  const json = JSON.stringify(value, (_key, one: unknown) => (typeof one === "string" ? `=${one}` : one));
  return json.replace(/[^\0-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The emulator's values for those parameters that the script declares. */
function localParameters(content: string, pace: Partial<LocalPace>): Record<string, unknown> {
  const all = {
    ArmEndpoint: pace.armEndpoint,
    LoginEndpoint: pace.loginEndpoint,
    FirstPollSeconds: pace.firstPollSeconds,
    LongestPollSeconds: pace.longestPollSeconds,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => content.includes(`$${name} =`)));
}
