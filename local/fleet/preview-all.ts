import { outcomeOf, type TenantOutcome } from "../../fleet/outcome";
import type { RunEvent } from "../../fleet/run";
import { describeError } from "../engine/describe-error";
import { refuseMistakes } from "../tenant-stack";
import { checkOutBase } from "./base-tree";
import { rehearse } from "./rehearsal";
import { type Checkout, openCheckout } from "./version";

export interface PreviewAllOptions {
  readonly root: string;
  readonly base: string;
  readonly tenants: readonly string[];
  readonly stop: AbortSignal;
  onEvent(event: RunEvent): void;
}

/**
 * Previews the working tree for tenants that the commit `base` deployed. Both programs are loaded once; the tenants follow one
 * another, so that memory does not grow with their number.
 * @throws QtError QT9510 where there is no such commit.
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
    const before = openCheckout(tree.folder);
    const now = openCheckout(root);
    for (const tenant of tenants) {
      if (stop.aborted) return;
      onEvent({ kind: "started", tenant });
      onEvent({ kind: "ended", outcome: await previewOne(root, tenant, before, now, tree.commit) });
    }
  } finally {
    await tree.remove();
  }
}

async function previewOne(
  root: string,
  tenant: string,
  before: Checkout,
  now: Checkout,
  commit: string,
): Promise<TenantOutcome> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  const head = now.version(tenant);
  if (head === undefined) return outcomeOf(tenant, "failed", "It has no file any more.");
  try {
    refuseMistakes(root, tenant);
  } catch (error) {
    return outcomeOf(tenant, "failed", describeError(error), { durationMs: took() });
  }
  try {
    const changes = await rehearse(tenant, before.version(tenant), head);
    return { tenant, status: changes.problems.length > 0 ? "failed" : "done", changes, durationMs: took() };
  } catch (error) {
    const reason = `The program of ${commit.slice(0, 10)} could not be deployed for it: ${describeError(error)}`;
    return outcomeOf(tenant, "failed", reason, { durationMs: took() });
  }
}
