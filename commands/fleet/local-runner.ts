import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { QtError } from "../../errors/qt-error";
import { type CodedError, type ErrorTexts, reviveError } from "../../packages/kit/errors/coded-error";
import { onceEnded } from "../../packages/kit/once-ended";
import { bareEnvironment } from "./bare-environment";
import { exitCodes, outcomeOf, type Verb } from "./outcome";
import type { RunEvent, Runner } from "./run";
import { shares } from "./shares";

/** Options that only the emulator knows. */
export interface LocalOptions {
  readonly root: string;
  /** The commit that a preview compares with. */
  readonly base?: string | undefined;
}

/**
 * Runs in processes of the local emulator, which report over Node's IPC channel. The file is started, not imported, because
 * nothing that is deployed may depend on `local/`. A preview of many tenants uses one process for each core.
 * @throws QtError QT9515 if it could not start.
 */
export function localRunner({ root, base }: LocalOptions): Runner {
  return async ({ verb, tenants, parallel, refresh, stop, onEvent }) => {
    const parts =
      verb === "preview" ? shares(tenants, Math.min(parallel, availableParallelism())) : [tenants];
    const run = async (part: readonly string[]) => {
      /** The tenants that have not ended, and whether they have started. */
      const unfinished = new Map(part.map((tenant) => [tenant, false]));
      let refusal: CodedError | undefined;
      const args = [
        verb,
        "--root",
        root,
        "--tenant",
        part.join(","),
        ...(base === undefined ? [] : [`--base=${base}`]),
        ...(refresh ? ["--refresh"] : []),
      ];
      const child = spawn(
        process.execPath,
        [
          ...limits,
          "--require",
          "tsx/cjs",
          join(__dirname, "..", "..", "local", "fleet", "host.ts"),
          ...args,
        ],
        {
          cwd: root,
          env: verb === "preview" ? bareEnvironment(process.env) : process.env,
          stdio: ["ignore", "ignore", "pipe", "ipc"],
          detached: process.platform !== "win32",
        },
      );
      let stderr = "";
      child.stderr?.on("data", (text) => {
        stderr = `${stderr}${text}`.slice(-4000);
      });
      child.on("message", (event: RunEvent | Refused) => {
        if (event.kind === "refused") {
          refusal = reviveError(event.error);
          return;
        }
        if (event.kind === "started") unfinished.set(event.tenant, true);
        if (event.kind === "ended") unfinished.delete(event.outcome.tenant);
        onEvent(event);
      });
      const endListening = stop.listen((how) => child.kill(how === "soon" ? "SIGINT" : "SIGKILL"));
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        onceEnded(child, resolve);
      }).finally(endListening);
      const isNew = unfinished.size === part.length && ![...unfinished.values()].includes(true);
      if (code === exitCodes.notBegun && isNew) {
        throw refusal ?? new QtError("QT9515", { reason: stderr.trim() });
      }
      // If a process breaks, each of its tenants still gets an outcome.
      const broken = refusal?.format() ?? (stderr.trim() || `The local process ended with code ${code}.`);
      for (const [tenant, isBegun] of unfinished) {
        const outcome =
          stop.how === undefined
            ? outcomeOf(tenant, "failed", broken)
            : isBegun
              ? outcomeOf(tenant, "stopped", leftReasons[verb])
              : outcomeOf(tenant, "not started");
        onEvent({ kind: "ended", outcome });
      }
    };
    for (const ended of await Promise.allSettled(parts.map(run)))
      if (ended.status === "rejected") throw ended.reason;
  };
}

/** The host's message that it could not start. */
interface Refused {
  readonly kind: "refused";
  readonly error: ErrorTexts;
}

/** Why a tenant that was started has no end that this process saw. */
const leftReasons: Readonly<Record<Verb, string>> = {
  preview: "Stopped at once.",
  outputs: "Stopped at once.",
  up: "The background process finishes it and then serves it.",
  drift: "The background process finishes it.",
  destroy: "The background process finishes it.",
  cancel: "Stopped at once.",
};

/** In MB. A run of the program leaves much garbage, which Node would let grow as long as there is memory. */
const limits = ["--max-old-space-size=384"];
