import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RETIRED_KEY } from "../../infra/config-check";
import { isRetiredTenant } from "../../tenants/retired";
import { keyOfTenant } from "../../tenants/secrets-provider";
import { stackName } from "../../tenants/stack-name";
import { tenantFile, tenantNames } from "../../tenants/tenant-files";
import { outcomeOf, type TenantOutcome } from "./outcome";
import { type PulumiChildOptions, type PulumiEnd, runPulumiChild, unattended } from "./pulumi-child";
import type { StopRequest } from "./run";

/** What comes next for a stack, by its tenant's file. */
export type Life = "deployed" | "retired" | "without a file";

export function lifeOf(root: string, tenant: string): Life {
  if (!existsSync(join(root, tenantFile(tenant)))) return "without a file";
  return isRetiredTenant(root, tenant) ? "retired" : "deployed";
}

/** What a tenant's deletion leaves, for people. */
export const STAYS =
  "What stays: the vault, soft-deleted until its purge date (its name stays taken), and what Fivetran and Quantemplate hold.";

/** True if the backend has no such stack. */
export const isStackMissing = ({ code, stdout, stderr }: PulumiEnd): boolean =>
  code !== 0 && /no stack named/.test(stdout + stderr);

/** An end without changes, with a sentence beside the totals. */
export function noted(tenant: string, note: string): TenantOutcome {
  const outcome = outcomeOf(tenant, "done");
  return { ...outcome, changes: { ...outcome.changes, notes: [...(outcome.changes.notes ?? []), note] } };
}

/**
 * Makes the stack of a tenant whose file came with a merge. What encrypts its secrets is in the file, and stays as it is.
 * @returns undefined if the file does not say it: then nobody made it for a stack.
 */
export async function makeStack(tenant: string, options: PulumiChildOptions): Promise<PulumiEnd | undefined> {
  const key = keyOfTenant(options.root, tenant);
  if (key === undefined) return undefined;
  return runPulumiChild(
    ["stack", "init", stackName(tenant), "--secrets-provider", key, ...unattended],
    options,
  );
}

/** Lets `destroy` take everything: protection is for mistakes, and the file says that this is none. */
export async function unprotect(tenant: string, options: PulumiChildOptions): Promise<PulumiEnd> {
  return runPulumiChild(
    ["state", "unprotect", "--all", "--yes", "--stack", stackName(tenant), ...unattended],
    options,
  );
}

/** Removes the empty stack, and leaves the file, which a pull request removes. */
export async function removeStack(tenant: string, options: PulumiChildOptions): Promise<PulumiEnd> {
  return runPulumiChild(
    ["stack", "rm", stackName(tenant), "--yes", "--preserve-config", ...unattended],
    options,
  );
}

const stackList = z.array(z.object({ name: z.string() }));

/** Stacks of the backend that have no file here, by name. @throws Error with Pulumi's reason */
export async function stacksWithoutFile(binary: string, root: string, stop: StopRequest): Promise<string[]> {
  const ended = await runPulumiChild(["stack", "ls", "--json", ...unattended], { binary, root, stop });
  if (ended.code !== 0) throw new Error(`The stacks cannot be listed: ${ended.stderr.trim()}`);
  const names = stackList.parse(JSON.parse(ended.stdout)).map(({ name }) => name.split("/").at(-1) ?? name);
  const known = tenantNames(root);
  return names.filter((name) => !known.includes(name)).sort();
}

/** Such a stack's place in the summary: it fails the run until it is gone, or has its file again. */
export const orphan = (tenant: string): TenantOutcome =>
  outcomeOf(
    tenant,
    "failed",
    `There is a stack ${tenant}, and no ${tenantFile(tenant)}: nothing deploys it, and it costs what it did. Restore the file, with ${RETIRED_KEY}: true if the tenant is to go.`,
  );
