import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackName } from "../../tenants/stack-name";
import { tailEventLog } from "./event-log-tail";
import { adoptForgotten, repairKilledStack } from "./killed-stack";
import { outcomeOf, type TenantOutcome, type Verb } from "./outcome";
import type { PulumiChildOptions } from "./pulumi-child";
import { pulumiOutcome } from "./pulumi-outcome";
import { runUnlocked } from "./unlocked";

export interface PulumiStackOptions extends PulumiChildOptions {
  /** With `up`: refresh the state from Azure first. */
  readonly refresh?: boolean;
  onProgress(text: string): void;
}

/** azure-native's words for what a killed `destroy` left, or somebody else made. */
const ALREADY_THERE = "cannot create already existing";

const unattended = ["--non-interactive", "--color", "never"];

/**
 * Arguments of the CLI, without the stack and the event log. `up` and `destroy` keep their preview, which refuses to delete protected
 * resources before anything is done, not after everything else has been deleted.
 */
const commands: Readonly<Record<Verb, readonly string[]>> = {
  preview: ["preview", "--suppress-outputs"],
  up: ["up", "--yes", "--suppress-outputs"],
  drift: ["refresh", "--preview-only", "--suppress-outputs"],
  outputs: ["stack", "output", "--json"],
  destroy: ["destroy", "--yes", "--suppress-outputs"],
  cancel: ["cancel", "--yes"],
};

/** These run no program and no provider. */
const withoutEngine: readonly Verb[] = ["outputs", "cancel"];

/** Runs Pulumi for one stack in a separate process, after the repair that a killed run needs. Never throws: errors are part of the outcome. */
export async function runPulumiStack(
  verb: Verb,
  tenant: string,
  options: PulumiStackOptions,
): Promise<TenantOutcome> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  let folder: string | undefined;
  let endTail = () => {};
  try {
    folder = mkdtempSync(join(tmpdir(), "qt-fleet-"));
    const log = join(folder, "events.json");
    const args = [...commands[verb], "--stack", stackName(tenant), ...unattended];
    if (verb === "up" && options.refresh) args.push("--refresh");
    if (!withoutEngine.includes(verb)) {
      args.push("--event-log", log);
      endTail = tailEventLog(log, options.onProgress);
    }
    if (verb === "up" || verb === "destroy") {
      const repaired = await repairKilledStack(tenant, options);
      if (repaired !== undefined) options.onProgress(repaired.text);
      if (verb === "up" && repaired?.wasDeleting && !options.refresh) args.push("--refresh");
    }
    const run = async () => {
      rmSync(log, { force: true });
      const ended = await runUnlocked(args, tenant, options);
      return { ended, events: existsSync(log) ? readFileSync(log, "utf8") : "" };
    };
    let { ended, events } = await run();
    if (verb === "up" && ended.code !== 0 && events.includes(ALREADY_THERE)) {
      const adopted = await adoptForgotten(tenant, options);
      if (adopted !== undefined) {
        options.onProgress(adopted);
        ({ ended, events } = await run());
      }
    }
    return { ...pulumiOutcome(verb, tenant, ended, events), durationMs: took() };
  } catch (error) {
    return outcomeOf(tenant, "failed", (error as Error).message, { durationMs: took() });
  } finally {
    endTail();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
