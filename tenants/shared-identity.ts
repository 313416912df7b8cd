import { NAMESPACE } from "../infra/config-check";
import { readTenant, type Tenant } from "./tenant";
import { tenantNames } from "./tenant-files";
import type { PlacedMistake } from "./yaml-source";

const ORGANISATION_KEY = `${NAMESPACE}:organisationId`;
const CLIENT_KEY = `${NAMESPACE}:clientId`;

/**
 * A warning for each organisation that several tenants share, and for each API client that they share across organisations.
 * Quantemplate allows an organisation twice; the emulator has one client and one webhook for each organisation, and refuses a
 * client of two.
 * @param about Warns about this tenant only; otherwise about the second of each group.
 */
export function sharedIdentities(
  root: string,
  about?: string,
): { readonly tenant: string; readonly mistake: PlacedMistake }[] {
  const tenants = tenantNames(root).map((name) => readTenant(root, name));
  const organisationOf = (tenant: Tenant) => openText(tenant, ORGANISATION_KEY);
  const organisations = groups(tenants, organisationOf).map((members) =>
    warning(members, about, ORGANISATION_KEY, {
      message: "in the emulator, the tenant that is deployed later takes events and login from the other",
      fix: "Write the tenant's own, unless both are meant to take this organisation's datasets.",
    }),
  );
  const clients = groups(tenants, (tenant) => openText(tenant, CLIENT_KEY))
    .filter((members) => new Set(members.map(organisationOf)).size > 1)
    .map((members) =>
      warning(members, about, CLIENT_KEY, {
        message: "the emulator refuses a client of two organisations",
        fix: "Write the id of the tenant's own API client.",
      }),
    );
  return [...organisations, ...clients].flat();
}

/** The value in plain text; undefined if it is encrypted or comes from elsewhere. */
function openText({ settings, places }: Tenant, key: string): string | undefined {
  const value = settings.get(key);
  const isOpen = typeof value !== "object" && value !== undefined && !places.isSecret([key]);
  return isOpen ? String(value) : undefined;
}

/** The groups of more than one tenant. */
function groups(tenants: readonly Tenant[], by: (tenant: Tenant) => string | undefined): Tenant[][] {
  const all = new Map<string, Tenant[]>();
  for (const tenant of tenants) {
    const value = by(tenant);
    if (value !== undefined) all.set(value, [...(all.get(value) ?? []), tenant]);
  }
  return [...all.values()].filter(({ length }) => length > 1);
}

function warning(
  members: readonly Tenant[],
  about: string | undefined,
  key: string,
  { message, fix }: Pick<PlacedMistake, "message" | "fix">,
) {
  const tenant = about === undefined ? members[1] : members.find(({ name }) => name === about);
  if (tenant === undefined) return [];
  const others = members.filter((other) => other !== tenant).map(({ name }) => name);
  const [first = "", second = ""] = others;
  const names =
    others.length > 2 ? `${first} and ${others.length - 1} more` : second ? `${first} and ${second}` : first;
  const place = tenant.places.nearest([key]) ?? tenant.end;
  const mistake: PlacedMistake = {
    ...place,
    key,
    message: `is also that of ${names}: ${message}`,
    fix,
    isWarning: true,
  };
  return [{ tenant: tenant.name, mistake }];
}
