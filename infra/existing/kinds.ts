import { type Grant, grantsAction } from "../../packages/azure-resource-types";
import { faultIf, type Kind, type LiveResource, property, same, textOf } from "./kind";
import { networkKinds } from "./network-kinds";
import { sqlKinds } from "./sql-kinds";

/** What the runbook does in Data Factory: start a run, follow it, look for a queued one. */
export const pipelineStarterActions: readonly string[] = [
  "Microsoft.DataFactory/factories/pipelines/createrun/action",
  "Microsoft.DataFactory/factories/pipelineruns/read",
  "Microsoft.DataFactory/factories/querypipelineruns/action",
  "Microsoft.DataFactory/factories/querypipelineruns/read",
];

const CLOSED_VAULT =
  "is closed to public addresses and to Azure's trusted services, so that Data Factory cannot read the secret: allow them, or set network: private";

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
    needs: () =>
      ["runbooks", "webhooks", "variables"].map(
        (child) => `Microsoft.Automation/automationAccounts/${child}/write`,
      ),
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
  ...sqlKinds,
  logAnalyticsWorkspace: {
    type: "Microsoft.OperationalInsights/workspaces",
    apiVersion: "2023-09-01",
    needs: () => ["Microsoft.OperationalInsights/workspaces/sharedKeys/action"],
  },
  keyVault: {
    type: "Microsoft.KeyVault/vaults",
    apiVersion: "2023-07-01",
    inSubscription: true,
    needs: ({ isPrivate }) => [
      "Microsoft.KeyVault/vaults/secrets/write",
      ...(isPrivate ? ["Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action"] : []),
    ],
    facts: (vault) => ({ uri: textOf(vault, "vaultUri") }),
    faults: (vault, { tenantId, isPrivate }) => [
      faultIf(!isPrivate && keepsFactoryOut(vault), CLOSED_VAULT),
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
    needs: () => ["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"],
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
  ...networkKinds,
} as const satisfies Readonly<Record<string, Kind>>;

export type ExistingKind = keyof typeof kinds;

/** The rule of a kind, without the members that only some have in their types. */
export function kindOf(name: ExistingKind): Kind {
  return kinds[name];
}

/** A factory is a trusted service (learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints#trusted-services). */
function keepsFactoryOut(vault: LiveResource): boolean {
  const { defaultAction, bypass = "AzureServices" } = Object(property(vault, "networkAcls")) as {
    defaultAction?: string;
    bypass?: string;
  };
  const isClosed = same(textOf(vault, "publicNetworkAccess"), "Disabled") || defaultAction === "Deny";
  return isClosed && bypass !== "AzureServices";
}

/** A role may allow more, by wildcards too. */
function missingActions(role: LiveResource): string | undefined {
  const permissions = (property(role, "permissions") ?? []) as readonly Grant[];
  const missing = pipelineStarterActions.filter(
    (action) => !permissions.some((permission) => grantsAction(permission, action)),
  );
  return missing.length === 0 ? undefined : `does not allow ${missing.join(", ")}`;
}
