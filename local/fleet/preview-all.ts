import { outcomeOf, type TenantOutcome } from "../../commands/fleet/outcome";
import type { RunEvent } from "../../commands/fleet/run";
import { describeError } from "../../packages/azure-emulator/engine/describe-error";
import { refuseMistakes } from "../tenant-stack";
import { type BaseTree, checkOutBase } from "./base-tree";
import { dryRun } from "./dry-run";
import { type Checkout, openCheckout } from "./version";

/** A stack is more than its file: removing the file deletes nothing. */
const GONE =
  "Its file is gone. If its stack still exists, it stays with all its resources, and nothing deploys or watches it any more: " +
  "destroy it before its file goes (npm run fleet -- destroy --tenant <tenant>, then npm run tenant -- remove <tenant>).";

export interface PreviewAllOptions {
  readonly root: string;
  readonly base: string;
  readonly tenants: readonly string[];
  readonly stop: AbortSignal;
  onEvent(event: RunEvent): void;
}

/**
 * Previews the working tree for tenants that the commit `base` deployed. Both programs are loaded once; tenants are previewed
 * one after another, so that memory does not grow with their number.
 * @throws QtError QT9510 if there is no such commit.
 */
export async function previewAll({ root, base, tenants, stop, onEvent }: PreviewAllOptions): Promise<void> {
  const tree = await checkOutBase(root, base);
  try {
    if (tree.otherPackages) {
      onEvent({
        kind: "note",
        text: `package-lock.json differs from ${tree.commit.slice(0, 10)}: both programs run with the packages of this checkout.`,
      });
    }
    const programs = openPrograms(root, tree);
    for (const tenant of tenants) {
      if (stop.aborted) return;
      onEvent({ kind: "started", tenant });
      const started = performance.now();
      const outcome =
        typeof programs === "string"
          ? outcomeOf(tenant, "failed", programs)
          : await previewOne(root, tenant, programs, tree.commit);
      const durationMs = Math.round(performance.now() - started);
      onEvent({ kind: "ended", outcome: { ...outcome, durationMs } });
    }
  } finally {
    await tree.remove();
  }
}

interface Programs {
  readonly before: Checkout;
  readonly now: Checkout;
}

/** Both programs, or why one cannot be loaded. That reason concerns no tenant in particular, but is reported for each, where people look. */
function openPrograms(root: string, { folder, commit }: BaseTree): Programs | string {
  let whose = `The program of ${commit.slice(0, 10)}`;
  try {
    const before = openCheckout(folder);
    whose = "The program";
    return { before, now: openCheckout(root) };
  } catch (error) {
    return `${whose} could not be loaded: ${describeError(error)}`;
  }
}

async function previewOne(
  root: string,
  tenant: string,
  { before, now }: Programs,
  commit: string,
): Promise<TenantOutcome> {
  const head = now.version(tenant);
  const base = before.version(tenant);
  if (head === undefined) {
    const { changes, ...rest } = outcomeOf(tenant, base === undefined ? "failed" : "done");
    return { ...rest, changes: { ...changes, notes: [GONE] } };
  }
  try {
    refuseMistakes(root, tenant);
  } catch (error) {
    return outcomeOf(tenant, "failed", describeError(error));
  }
  try {
    const changes = await dryRun(tenant, base, head);
    return { ...outcomeOf(tenant, changes.problems.length > 0 ? "failed" : "done"), changes };
  } catch (error) {
    const reason = `The program of ${commit.slice(0, 10)} could not be deployed for this tenant: ${describeError(error)}`;
    return outcomeOf(tenant, "failed", reason);
  }
}
