import { QtError } from "../../errors/qt-error";
import { isEmulatorOnly } from "../../tenants/emulator-only";
import { isCloudKey, isVersionless, providerProblem } from "../../tenants/secrets-provider";
import { stackName } from "../../tenants/stack-name";
import { readTenant } from "../../tenants/tenant";
import { existingTenantFile, tenantNames } from "../../tenants/tenant-files";
import { runPulumi } from "./run-pulumi";

export interface KeyRotation {
  readonly root: string;
  /** The new address, of a key of Azure's with its version. */
  readonly provider: string;
  /** Default: every tenant that has a stack. */
  readonly tenants?: readonly string[] | undefined;
}

/** What became of a tenant. */
export interface RotatedTenant {
  readonly tenant: string;
  readonly state: "changed" | "same" | "failed";
  readonly reason?: string;
}

/**
 * Lets another key, or another version, encrypt the secrets of stacks, in their files and in their states. The old key must still decrypt:
 * disable it only afterwards. A tenant that fails keeps its old key, and does not hold up the others.
 * @throws QtError QT9038 for an address that is no key with its version, QT9113, QT9030 without a Pulumi CLI
 */
export async function rotateKey({ root, provider, tenants }: KeyRotation): Promise<RotatedTenant[]> {
  const problem =
    providerProblem(provider) ??
    (isCloudKey(provider) && !isVersionless(provider)
      ? undefined
      : "expects a key with its version, such as azurekeyvault://<vault>.vault.azure.net/keys/<key>/<version>");
  if (problem !== undefined) throw new QtError("QT9038", { provider, problem });
  for (const name of tenants ?? []) existingTenantFile(root, name, "QT9113");
  const rotated: RotatedTenant[] = [];
  for (const name of tenants ?? tenantNames(root)) {
    const tenant = readTenant(root, name);
    // One after the other: each changes a file of the checkout.
    if (!isEmulatorOnly(tenant))
      rotated.push(await rotate(root, name, provider, tenant.secretsProvider?.provider));
  }
  return rotated;
}

async function rotate(
  root: string,
  tenant: string,
  provider: string,
  before: string | undefined,
): Promise<RotatedTenant> {
  if (before === provider) return { tenant, state: "same" };
  const args = ["stack", "change-secrets-provider", provider, "--stack", stackName(tenant)];
  const ended = await runPulumi(args, { root });
  if (ended === undefined) throw new QtError("QT9030", { stack: tenant });
  return ended.ok ? { tenant, state: "changed" } : { tenant, state: "failed", reason: ended.reason };
}
