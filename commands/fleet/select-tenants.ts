import { NAMESPACE } from "../../infra/config-check";
import { readTenant } from "../../tenants/tenant";
import { existingTenantFile, tenantNames } from "../../tenants/tenant-files";

/** A tenant with its tags. */
export interface FleetTenant {
  readonly name: string;
  /** Always with `ring`, which is `general` if the tenant has none. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface TagCondition {
  readonly key: string;
  readonly value: string;
  /** Matches every other value, and a tenant without this tag. */
  readonly isNot: boolean;
}

export interface Selection {
  readonly tenants?: readonly string[];
  /** All of them must match. */
  readonly tags?: readonly TagCondition[];
}

export const DEFAULT_RING = "general";

/**
 * The tenants to work on, by name.
 * @throws QtError QT9017 if a named tenant has no file.
 */
export function selectTenants(root: string, { tenants, tags = [] }: Selection): FleetTenant[] {
  for (const name of tenants ?? []) existingTenantFile(root, name);
  const names = tenants === undefined ? tenantNames(root) : [...new Set(tenants)].sort();
  return names
    .map((name) => ({ name, tags: tagsOf(root, name) }))
    .filter((tenant) => tags.every(({ key, value, isNot }) => (tenant.tags[key] === value) !== isNot));
}

function tagsOf(root: string, name: string): Record<string, string> {
  const tags: unknown = readTenant(root, name).settings.get(`${NAMESPACE}:tags`);
  const entries = typeof tags === "object" && tags !== null ? Object.entries(tags) : [];
  return { ring: DEFAULT_RING, ...Object.fromEntries(entries.map(([key, value]) => [key, String(value)])) };
}

/**
 * The rings in which tenants are deployed: `canary` first, `general` last, the others between them by name.
 * @param order Only these rings, in this order.
 */
export function ringsOf(
  tenants: readonly FleetTenant[],
  order?: readonly string[],
): { readonly ring: string; readonly tenants: readonly string[] }[] {
  const found = [...new Set(tenants.map(({ tags }) => tags.ring ?? DEFAULT_RING))];
  const rank = (ring: string) => (ring === "canary" ? 0 : ring === DEFAULT_RING ? 2 : 1);
  const rings = order ?? found.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return rings
    .map((ring) => ({
      ring,
      tenants: tenants.filter(({ tags }) => (tags.ring ?? DEFAULT_RING) === ring).map(({ name }) => name),
    }))
    .filter(({ tenants: members }) => members.length > 0);
}
