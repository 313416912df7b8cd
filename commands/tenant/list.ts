import { LOCATION_KEY, NAMESPACE } from "../../infra/config-check";
import { isEmulatorOnly } from "../../tenants/emulator-only";
import { readTenant } from "../../tenants/tenant";
import { tenantNames } from "../../tenants/tenant-files";

/** A tenant in short. A field that is missing in its file is null. */
export interface TenantSummary {
  readonly name: string;
  readonly organisationId: string | null;
  readonly location: string | null;
  readonly datasets: number;
  /** The tag `ring`. */
  readonly ring: string | null;
  readonly hasSecret: boolean;
  /** True if no command takes it to Azure. */
  readonly emulatorOnly: boolean;
}

/** Every tenant of the project, even those with mistakes in their files. */
export function listTenants(root: string): TenantSummary[] {
  return tenantNames(root).map((name) => {
    const tenant = readTenant(root, name);
    const { settings, hasSecret } = tenant;
    const datasets = settings.get(`${NAMESPACE}:datasets`);
    const tags = settings.get(`${NAMESPACE}:tags`) as { ring?: unknown } | null | undefined;
    return {
      name,
      organisationId: textOf(settings.get(`${NAMESPACE}:organisationId`)),
      location: textOf(settings.get(LOCATION_KEY)),
      datasets: Array.isArray(datasets) ? datasets.length : 0,
      ring: textOf(tags?.ring),
      hasSecret,
      emulatorOnly: isEmulatorOnly(tenant),
    };
  });
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}
