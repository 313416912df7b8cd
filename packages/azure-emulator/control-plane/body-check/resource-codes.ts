/**
 * How each resource provider answers a body or a name that it does not take. Resource Manager itself answers for the members beside
 * `properties` and leaves the inside of `properties` to the provider.
 */
export interface ProviderCodes {
  /** The inside of `properties`. */
  readonly body: string;
  /** Names, if the type has no code of its own. */
  readonly name: string;
}

const RESOURCE_MANAGER: ProviderCodes = { body: "InvalidRequestContent", name: "InvalidResourceName" };

const providers: ReadonlyMap<string, ProviderCodes> = new Map([
  // azure-rest-api-specs, Microsoft.Sql/stable/2023-08-01/Servers.json, Servers_CreateOrUpdate: "400 InvalidParameterValue".
  ["microsoft.sql", { body: "InvalidParameterValue", name: "InvalidResourceName" }],
  ["microsoft.web", { body: "BadRequest", name: "BadRequest" }],
  ["microsoft.keyvault", { body: "BadRequest", name: "BadParameter" }],
  ["microsoft.automation", { body: "BadRequest", name: "BadRequest" }],
  ["microsoft.datafactory", { body: "BadRequest", name: "BadRequest" }],
  ["microsoft.insights", { body: "BadRequest", name: "BadRequest" }],
  ["microsoft.operationalinsights", { body: "InvalidParameter", name: "InvalidParameter" }],
  ["microsoft.consumption", { body: "400", name: "400" }],
  ["microsoft.authorization", { body: "BadRequestFormat", name: "BadRequestFormat" }],
  [
    "microsoft.storage",
    { body: "InvalidValuesForRequestParameters", name: "InvalidValuesForRequestParameters" },
  ],
]);

const names: ReadonlyMap<string, string> = new Map([
  ["microsoft.resources/resourcegroups", "InvalidResourceGroupName"],
  ["microsoft.authorization/roleassignments", "InvalidRoleAssignmentId"],
  ["microsoft.authorization/roledefinitions", "InvalidRoleDefinitionId"],
  ["microsoft.keyvault/vaults", "VaultNameNotValid"],
  ["microsoft.storage/storageaccounts", "AccountNameInvalid"],
  ["microsoft.storage/storageaccounts/blobservices/containers", "ContainerOperationFailure"],
  ["microsoft.sql/servers", "InvalidServerName"],
]);

/** The code for a fault inside `properties`. */
export function bodyCode(type: string): string {
  return codesOf(type).body;
}

/** The code for a name that the type does not take. */
export function nameCode(type: string): string {
  return names.get(type.toLowerCase()) ?? codesOf(type).name;
}

function codesOf(type: string): ProviderCodes {
  const [namespace = ""] = type.toLowerCase().split("/");
  return providers.get(namespace) ?? RESOURCE_MANAGER;
}
