import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyOfTenant } from "../../tenants/secrets-provider";
import { stackName } from "../../tenants/stack-name";
import { tailEventLog } from "./event-log-tail";
import { adoptForgotten, repairKilledStack } from "./killed-stack";
import { outcomeOf, type TenantOutcome, type Verb } from "./outcome";
import { type PulumiChildOptions, type PulumiEnd, runPulumiChild, unattended } from "./pulumi-child";
import { pulumiOutcome } from "./pulumi-outcome";
import {
  isStackMissing,
  lifeOf,
  makeStack,
  noted,
  orphan,
  removeStack,
  STAYS,
  unprotect,
} from "./stack-life";
import { runUnlocked } from "./unlocked";

export interface PulumiStackOptions extends PulumiChildOptions {
  /** With `up`: refresh the state from Azure first. */
  readonly refresh?: boolean;
  onProgress(text: string): void;
}

/** azure-native's words for what a killed `destroy` left, or somebody else made. */
const ALREADY_THERE = "cannot create already existing";

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

/** Works on one stack as its tenant's file wants it. Never throws: errors are part of the outcome. */
export async function runPulumiStack(
  verb: Verb,
  tenant: string,
  options: PulumiStackOptions,
): Promise<TenantOutcome> {
  try {
    const life = lifeOf(options.root, tenant);
    if (life === "without a file") return orphan(tenant);
    if (life === "retired" && (verb === "up" || verb === "preview" || verb === "drift"))
      return await runRetired(verb, tenant, options);
  } catch (error) {
    return outcomeOf(tenant, "failed", (error as Error).message);
  }
  return runStack(verb, tenant, options);
}

/** `up` takes a retired tenant down, protected or not, and its stack with it. The others only tell that. */
async function runRetired(
  verb: "up" | "preview" | "drift",
  tenant: string,
  options: PulumiStackOptions,
): Promise<TenantOutcome> {
  const list = await runPulumiChild(
    ["stack", "export", "--stack", stackName(tenant), ...unattended],
    options,
  );
  if (isStackMissing(list))
    return noted(tenant, `${tenant} is retired, and nothing of it is deployed: its file can be removed.`);
  if (list.code !== 0) return pulumiOutcome(verb, tenant, list, "");
  const { deployment } = JSON.parse(list.stdout) as { deployment?: { resources?: readonly unknown[] } };
  const count = deployment?.resources?.length ?? 0;
  if (verb !== "up") {
    const next = verb === "preview" ? "after the merge, the deployment" : "the next deployment";
    return noted(
      tenant,
      `${tenant} is retired: ${next} takes off its protection and deletes its ${count} resources and its stack. ${STAYS}`,
    );
  }
  if (count > 0) {
    const freed = await unprotect(tenant, options);
    if (freed.code !== 0) return pulumiOutcome("destroy", tenant, freed, "");
  }
  const gone = await runStack("destroy", tenant, options);
  if (gone.status !== "done") return gone;
  const removed = await removeStack(tenant, options);
  if (removed.code !== 0) return pulumiOutcome("destroy", tenant, removed, "");
  const notes = [
    ...(gone.changes.notes ?? []),
    `${tenant} is retired and deleted; its file can be removed. ${STAYS}`,
  ];
  return { ...gone, changes: { ...gone.changes, notes } };
}

/** What a preview tells of a stack that the deployment makes first. */
const newStack = (tenant: string) =>
  noted(
    tenant,
    `${tenant} has no stack yet: the deployment makes it, with the secrets provider of its file, and everything in it. The preview in the emulator shows what: npm run fleet -- preview --local --tenant ${tenant}`,
  );

/** Runs Pulumi for one stack in a separate process, after the repair that a killed run needs. Never throws: errors are part of the outcome. */
async function runStack(verb: Verb, tenant: string, options: PulumiStackOptions): Promise<TenantOutcome> {
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
      const ended: PulumiEnd = await runUnlocked(args, tenant, options);
      return { ended, events: existsSync(log) ? readFileSync(log, "utf8") : "" };
    };
    let { ended, events } = await run();
    if (isStackMissing(ended) && keyOfTenant(options.root, tenant) !== undefined) {
      if (verb === "preview") return { ...newStack(tenant), durationMs: took() };
      if (verb === "up") {
        const made = await makeStack(tenant, options);
        options.onProgress("made its stack");
        if (made?.code === 0) ({ ended, events } = await run());
        else if (made !== undefined) ended = made;
      }
    }
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
