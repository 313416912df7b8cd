/** A part of a service that a private endpoint can stand for. */
export interface PrivateLinkGroup {
  /** Resource Manager's name of it: `sqlServer`. */
  readonly id: string;
  /** The DNS zones in which its private names are, of the public cloud first, then of the sovereign ones. */
  readonly zones: readonly string[];
  /** The names of its records in the zone. */
  records(name: string, region: string): readonly string[];
}

/** A type of resource that has private endpoints. */
export interface PrivateLinkType {
  readonly type: string;
  readonly groups: readonly PrivateLinkGroup[];
}

const own = (name: string): readonly string[] => [name.toLowerCase()];
const regional = (name: string, region: string): readonly string[] => [
  `${name}.${region}`.toLowerCase().replaceAll(" ", ""),
];
const withScm = (name: string): readonly string[] => [name.toLowerCase(), `${name.toLowerCase()}.scm`];

const storage = (service: string, id = service): PrivateLinkGroup => ({
  id,
  zones: [`privatelink.${service}.core.windows.net`, `privatelink.${service}.core.usgovcloudapi.net`],
  records: id.endsWith("_secondary") ? (name) => [`${name.toLowerCase()}-secondary`] : own,
});

/**
 * The types that the emulator has.
 * Source: learn.microsoft.com/azure/private-link/private-endpoint-dns (zones) and …/private-endpoint-overview (group ids).
 */
export const privateLinkTypes: readonly PrivateLinkType[] = [
  {
    type: "Microsoft.Sql/servers",
    groups: [
      {
        id: "sqlServer",
        zones: ["privatelink.database.windows.net", "privatelink.database.usgovcloudapi.net"],
        records: own,
      },
    ],
  },
  {
    type: "Microsoft.KeyVault/vaults",
    groups: [
      {
        id: "vault",
        zones: ["privatelink.vaultcore.azure.net", "privatelink.vaultcore.usgovcloudapi.net"],
        records: own,
      },
    ],
  },
  {
    type: "Microsoft.Storage/storageAccounts",
    groups: ["blob", "table", "queue", "file", "web", "dfs"].flatMap((service) => [
      storage(service),
      ...(service === "file" ? [] : [storage(service, `${service}_secondary`)]),
    ]),
  },
  {
    type: "Microsoft.DataFactory/factories",
    groups: [
      { id: "dataFactory", zones: ["privatelink.datafactory.azure.net"], records: regional },
      { id: "portal", zones: ["privatelink.adf.azure.com"], records: () => ["adf"] },
    ],
  },
  {
    type: "Microsoft.Web/sites",
    groups: [
      {
        id: "sites",
        zones: ["privatelink.azurewebsites.net", "privatelink.azurewebsites.us"],
        records: withScm,
      },
    ],
  },
];

export function privateLinkOf(type: string): PrivateLinkType | undefined {
  return privateLinkTypes.find((one) => one.type.toLowerCase() === type.toLowerCase());
}

export function groupOf(type: string, groupId: string): PrivateLinkGroup | undefined {
  return privateLinkOf(type)?.groups.find(({ id }) => id.toLowerCase() === groupId.toLowerCase());
}
