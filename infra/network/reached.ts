/** What is reached over an endpoint in the private network: its sub-resource and the zone of its names. */
export const reached = {
  sql: { groupId: "sqlServer", zone: "privatelink.database.windows.net" },
  vault: { groupId: "vault", zone: "privatelink.vaultcore.azure.net" },
  blob: { groupId: "blob", zone: "privatelink.blob.core.windows.net" },
} as const;

export type Reached = keyof typeof reached;
