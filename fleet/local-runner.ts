import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { QtError } from "../errors/qt-error";
import { exitCodes, outcomeOf } from "./outcome";
import type { RunEvent, Runner } from "./run";

/** Options that only the stand-in knows. */
export interface LocalOptions {
  readonly root: string;
  /** Commit that a preview starts from. */
  readonly base?: string | undefined;
}

/**
 * Runs in processes of the local stand-in, which report over Node's channel: a file that is started, not imported, because
 * nothing that is deployed may depend on `local/`. A preview of many tenants takes a process a core.
 * @throws QtError QT9515 where it could not begin.
 */
export function localRunner({ root, base }: LocalOptions): Runner {
  return async ({ verb, tenants, parallel, stop, onEvent }) => {
    const parts =
      verb === "preview" ? shares(tenants, Math.min(parallel, availableParallelism())) : [tenants];
    const run = async (part: readonly string[]) => {
      const unfinished = new Set(part);
      let isBegun = false;
      const args = [
        verb,
        "--root",
        root,
        "--tenant",
        part.join(","),
        ...(base === undefined ? [] : ["--base", base]),
      ];
      const child = spawn(
        process.execPath,
        [...limits, "--require", "tsx/cjs", join(__dirname, "..", "local", "fleet", "host.ts"), ...args],
        {
          cwd: root,
          stdio: ["ignore", "ignore", "pipe", "ipc"],
          detached: process.platform !== "win32",
        },
      );
      let stderr = "";
      child.stderr?.on("data", (text) => {
        stderr = `${stderr}${text}`.slice(-4000);
      });
      child.on("message", (event: RunEvent) => {
        isBegun ||= event.kind === "started";
        if (event.kind === "ended") unfinished.delete(event.outcome.tenant);
        onEvent(event);
      });
      const endListening = stop.listen((how) => child.kill(how === "soon" ? "SIGINT" : "SIGKILL"));
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", resolve);
      }).finally(endListening);
      if (code === exitCodes.notBegun && !isBegun) throw new QtError("QT9515", { reason: stderr.trim() });
      // A process that breaks takes none of its tenants along in silence.
      const status = stop.how === undefined ? "failed" : "not started";
      const reason = stderr.trim() || `The local process ended with code ${code}.`;
      for (const tenant of unfinished) {
        onEvent({
          kind: "ended",
          outcome: outcomeOf(tenant, status, status === "failed" ? reason : undefined),
        });
      }
    };
    await Promise.all(parts.map(run));
  };
}

/** In MB. A run of the program leaves much garbage and keeps nothing: Node would let it grow, as long as there is memory. */
const limits = ["--max-old-space-size=384"];

/** Below this a second process costs more, by loading the SDK, than it saves. */
const WORTH_A_PROCESS = 8;

/** Shares of about the same size. */
export function shares(tenants: readonly string[], most: number): string[][] {
  const number = Math.max(1, Math.min(most, Math.floor(tenants.length / WORTH_A_PROCESS)));
  return Array.from({ length: number }, (_, share) => tenants.filter((_name, i) => i % number === share));
}
