import type { FlatConfig } from "../config-check";

/** Flat configuration of a tenant with one dataset of each kind. */
export function tenantConfig(changes: Readonly<Record<string, string | undefined>> = {}): FlatConfig {
  const all: Record<string, string | undefined> = {
    "azure-native:location": "westeurope",
    "quantemplate:organisationId": "org-1",
    "quantemplate:clientId": "api-client",
    "quantemplate:clientSecret": "the-client-secret",
    "quantemplate:datasets": JSON.stringify([
      {
        id: "d-1",
        table: "premium_bordereau",
        keyColumns: ["Policy Reference"],
        types: { Premium: { type: "decimal(38,10)" } },
      },
      { id: "d-2", table: "claims_notes" },
    ]),
    "quantemplate:sqlAdmin": JSON.stringify({
      login: "Database administrators",
      objectId: "00000000-0000-0000-0000-00000000ad31",
    }),
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
