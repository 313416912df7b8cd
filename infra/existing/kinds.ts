import { matchesAction } from "../../packages/azure-resource-types";

/** A resource as Resource Manager shows it, as far as the program reads it. */
export interface LiveResource {
  readonly id?: string;
  readonly location?: string;
  readonly kind?: string;
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly identity?: { readonly type?: string; readonly principalId?: string } | null;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** What of the tenant decides whether a resource fits. */
export interface Wanted {
  /** The directory of the deployment. */
  readonly tenantId: string;
  /** Object id of the setting `sqlAdmin`. */
  readonly sqlAdmin: string;
}

/** Values of a resource that the program passes on, by name. */
export type Facts = Readonly<Record<string, string>>;

/** One kind of resource that a tenant may use instead of making it. */
export interface Kind {
  /** Resource Manager's type; undefined for a resource group. */
  readonly type: string;
  readonly apiVersion: string;
  /** Azure takes it in the tenant's region only. */
  readonly inRegion?: true;
  /** The program makes resources in it, and azure-native makes them in the deployment's subscription only. */
  readonly inSubscription?: true;
  readonly facts?: (resource: LiveResource) => Facts;
  /** Why it does not fit, each as the end of a sentence that begins with its id. */
  readonly faults?: (resource: LiveResource, wanted: Wanted) => readonly (string | undefined)[];
}

/** What the runbook does in Data Factory: start a run, follow it, look for a queued one. */
export const pipelineStarterActions: readonly string[] = [
  "Microsoft.DataFactory/factories/pipelines/createrun/action",
  "Microsoft.DataFactory/factories/pipelineruns/read",
  "Microsoft.DataFactory/factories/querypipelineruns/action",
  "Microsoft.DataFactory/factories/querypipelineruns/read",
];

const FLEX = "Microsoft.App/environments";
const property = ({ properties = {} }: LiveResource, name: string) => properties[name];
const textOf = (resource: LiveResource, name: string) => String(property(resource, name) ?? "");
const faultIf = (isWrong: boolean, fault: string) => (isWrong ? fault : undefined);
const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** The kinds by the setting's member; one rule for each. */
export const kinds = {
  resourceGroup: {
    type: "Microsoft.Resources/resourceGroups",
    apiVersion: "2024-03-01",
    inSubscription: true,
  },
  automationAccount: {
    type: "Microsoft.Automation/automationAccounts",
    apiVersion: "2023-11-01",
    inRegion: true,
    inSubscription: true,
    facts: ({ identity }) => ({ principalId: identity?.principalId ?? "" }),
    faults: (account) => [
      faultIf(
        !account.identity?.principalId,
        "has no system-assigned identity, with which the runbook starts pipelines",
      ),
      faultIf(
        property(account, "disableLocalAuth") === true,
        "has disableLocalAuth on, so that its webhooks do not answer",
      ),
      faultIf(
        property(account, "publicNetworkAccess") === false,
        "has publicNetworkAccess off, so that its webhooks do not answer",
      ),
    ],
  },
  sqlServer: {
    type: "Microsoft.Sql/servers",
    apiVersion: "2023-08-01",
    inRegion: true,
    inSubscription: true,
    facts: (server) => ({ host: textOf(server, "fullyQualifiedDomainName") }),
    faults: (server, { sqlAdmin }) => [administratorFault(server, sqlAdmin)],
  },
  elasticPool: {
    type: "Microsoft.Sql/servers/elasticPools",
    apiVersion: "2023-08-01",
    inRegion: true,
    inSubscription: true,
  },
  logAnalyticsWorkspace: {
    type: "Microsoft.OperationalInsights/workspaces",
    apiVersion: "2023-09-01",
  },
  keyVault: {
    type: "Microsoft.KeyVault/vaults",
    apiVersion: "2023-07-01",
    inSubscription: true,
    facts: (vault) => ({ uri: textOf(vault, "vaultUri") }),
    faults: (vault, { tenantId }) => [
      faultIf(
        property(vault, "enableRbacAuthorization") !== true,
        "has access policies, and the program assigns roles: its enableRbacAuthorization is not on",
      ),
      faultIf(
        !same(textOf(vault, "tenantId"), tenantId),
        `belongs to the directory ${textOf(vault, "tenantId")}, and the deployment to ${tenantId}`,
      ),
    ],
  },
  functionIdentity: {
    type: "Microsoft.ManagedIdentity/userAssignedIdentities",
    apiVersion: "2023-01-31",
    facts: (identity) => ({
      clientId: textOf(identity, "clientId"),
      principalId: textOf(identity, "principalId"),
    }),
  },
  pipelineStarterRole: {
    type: "Microsoft.Authorization/roleDefinitions",
    apiVersion: "2022-04-01",
    faults: (role) => [missingActions(role)],
  },
  functionSubnet: {
    type: "Microsoft.Network/virtualNetworks/subnets",
    apiVersion: "2024-05-01",
    faults: (subnet) => [
      faultIf(
        !JSON.stringify(property(subnet, "delegations") ?? []).includes(FLEX),
        `is not delegated to ${FLEX}, as Flex Consumption needs it`,
      ),
    ],
  },
  endpointsSubnet: {
    type: "Microsoft.Network/virtualNetworks/subnets",
    apiVersion: "2024-05-01",
    faults: (subnet) => [
      faultIf(
        ((property(subnet, "delegations") ?? []) as readonly unknown[]).length > 0,
        "is delegated, so that no private endpoint can be in it",
      ),
    ],
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type ExistingKind = keyof typeof kinds;

/** The rule of a kind, without the members that only some have in their types. */
export function kindOf(name: ExistingKind): Kind {
  return kinds[name];
}

function administratorFault(server: LiveResource, wanted: string): string | undefined {
  const { sid } = Object(property(server, "administrators")) as { sid?: unknown };
  if (typeof sid !== "string") return "has no Microsoft Entra administrator";
  return faultIf(
    !same(sid, wanted),
    `has the administrator ${sid}, and the setting sqlAdmin names ${wanted}`,
  );
}

/** A role may allow more, by wildcards too. */
function missingActions(role: LiveResource): string | undefined {
  const permissions = (property(role, "permissions") ?? []) as readonly {
    readonly actions?: readonly string[];
    readonly notActions?: readonly string[];
  }[];
  const allows = (action: string) =>
    permissions.some(
      ({ actions = [], notActions = [] }) =>
        actions.some((one) => matchesAction(one, action)) &&
        !notActions.some((one) => matchesAction(one, action)),
    );
  const missing = pipelineStarterActions.filter((action) => !allows(action));
  return missing.length === 0 ? undefined : `does not allow ${missing.join(", ")}`;
}
