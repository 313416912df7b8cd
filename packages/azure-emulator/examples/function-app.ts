import type * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as storage from "@pulumi/azure-native/storage";
import * as web from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";

/** Gives a principal a built-in role, by the role's GUID. */
export type Allow = (
  name: string,
  principalId: pulumi.Input<string>,
  role: string,
  scope: pulumi.Input<string>,
) => authorization.RoleAssignment;

export interface FunctionAppArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly allow: Allow;
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
}

const storageBlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

/** A Function app on Flex Consumption with its own identity and storage; it needs no key. */
export class FunctionApp extends pulumi.ComponentResource {
  readonly identity: managedidentity.UserAssignedIdentity;
  /** Host name and port of the functions. */
  readonly host: pulumi.Output<string>;
  /** Host that accepts the code: `POST /api/publish?type=zip`. */
  readonly deployHost: pulumi.Output<string>;

  constructor(name: string, { resourceGroupName, allow, settings }: FunctionAppArgs) {
    super("shop:azure:FunctionApp", name);
    const parent = { parent: this };
    this.identity = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName },
      parent,
    );
    const account = new storage.StorageAccount(
      `${name}files`,
      { resourceGroupName, kind: "StorageV2", sku: { name: "Standard_LRS" } },
      parent,
    );
    const accountName = account.name;
    const code = new storage.BlobContainer(`${name}-code`, { resourceGroupName, accountName }, parent);
    const access = allow(`${name}-files`, this.identity.principalId, storageBlobDataOwner, account.id);
    const plan = new web.AppServicePlan(
      `${name}-plan`,
      { resourceGroupName, reserved: true, sku: { name: "FC1", tier: "FlexConsumption" } },
      parent,
    );
    const app = new web.WebApp(
      name,
      {
        resourceGroupName,
        kind: "functionapp,linux",
        serverFarmId: plan.id,
        identity: { type: "UserAssigned", userAssignedIdentities: [this.identity.id] },
        keyVaultReferenceIdentity: this.identity.id,
        functionAppConfig: {
          deployment: {
            storage: {
              type: "blobContainer",
              value: pulumi.interpolate`${account.primaryEndpoints.blob}${code.name}`,
              authentication: {
                type: "UserAssignedIdentity",
                userAssignedIdentityResourceId: this.identity.id,
              },
            },
          },
          runtime: { name: "node", version: "22" },
          scaleAndConcurrency: { instanceMemoryMB: 512, maximumInstanceCount: 40 },
        },
      },
      { ...parent, dependsOn: access },
    );
    new web.WebAppApplicationSettings(
      `${name}-settings`,
      {
        resourceGroupName,
        name: app.name,
        properties: {
          AzureWebJobsStorage__accountName: accountName,
          AzureWebJobsStorage__credential: "managedidentity",
          AzureWebJobsStorage__clientId: this.identity.clientId,
          ...settings,
        },
      },
      parent,
    );
    this.host = app.defaultHostName;
    this.deployHost = app.hostNameSslStates.apply(
      (states) => states?.find(({ hostType }) => hostType === "Repository")?.name ?? "",
    );
    this.registerOutputs({ host: this.host });
  }
}
