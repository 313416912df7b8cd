import { orNothing } from "../door";
import { accountIdOf, groupNameOf } from "../plan";
import type { Setup, SetupStep } from "../step";

const API = "2024-01-01";
const GROUPS_API = "2024-03-01";

interface Account {
  readonly properties: {
    readonly primaryEndpoints?: { readonly blob?: string };
    readonly allowSharedKeyAccess?: boolean;
    readonly allowBlobPublicAccess?: boolean;
    readonly networkAcls?: { readonly defaultAction?: string };
  };
}
interface BlobService {
  readonly properties: {
    readonly isVersioningEnabled?: boolean;
    readonly deleteRetentionPolicy?: { readonly enabled?: boolean };
    readonly containerDeleteRetentionPolicy?: { readonly enabled?: boolean };
  };
}

const serviceId = (setup: Setup) => `${accountIdOf(setup.plan)}/blobServices/default`;
const containerId = (setup: Setup) => `${serviceId(setup)}/containers/${setup.plan.container}`;

const RETENTION = { enabled: true, days: 30 };

async function look(setup: Setup): Promise<string[]> {
  const { plan, door, found } = setup;
  const account = await orNothing(door.arm<Account>("GET", accountIdOf(plan), API));
  if (account === undefined) return [`storage account ${plan.account}`];
  found.blobUrl = account.properties.primaryEndpoints?.blob;
  const { properties: blobs } = await door.arm<BlobService>("GET", serviceId(setup), API);
  const container = await orNothing(door.arm("GET", containerId(setup), API));
  const isProtected =
    blobs.isVersioningEnabled === true &&
    blobs.deleteRetentionPolicy?.enabled === true &&
    blobs.containerDeleteRetentionPolicy?.enabled === true;
  const isOpen = account.properties.networkAcls?.defaultAction !== "Deny";
  return [
    ...(account.properties.allowSharedKeyAccess === false ? [] : ["sign-in by tokens only"]),
    ...(account.properties.allowBlobPublicAccess === false ? [] : ["no public blobs"]),
    ...(plan.allowedIps.length > 0 && isOpen ? ["a closed network"] : []),
    ...(isProtected ? [] : ["versioning and soft delete"]),
    ...(container === undefined ? [`container ${plan.container}`] : []),
  ];
}

/**
 * Sources: learn.microsoft.com/azure/storage/blobs/versioning-enable, …/soft-delete-blob-enable, …/storage-network-security;
 * www.pulumi.com/docs/iac/concepts/state-and-backends (azblob).
 */
export const stateAccount: SetupStep = {
  title: "State",
  what: "A resource group and a storage account for Pulumi's state: tokens only, versions and 30 days of soft delete, and a network that --allow-ip closes.",
  right:
    "Contributor at the subscription (Microsoft.Resources/subscriptions/resourceGroups/write, Microsoft.Storage/storageAccounts/*)",
  cost: "cents a month: some MB, and old versions of them",
  command({ plan }) {
    const at = `--resource-group ${groupNameOf(plan)} --account-name ${plan.account}`;
    const rules = plan.allowedIps.map((ip) => `az storage account network-rule add ${at} --ip-address ${ip}`);
    return [
      `az group create --name ${groupNameOf(plan)} --location ${plan.location}`,
      `az storage account create --name ${plan.account} --resource-group ${groupNameOf(plan)} --location ${plan.location} --sku Standard_ZRS --kind StorageV2 --min-tls-version TLS1_2 --allow-blob-public-access false --allow-shared-key-access false${rules.length > 0 ? " --default-action Deny" : ""}`,
      ...rules,
      `az storage account blob-service-properties update ${at} --enable-versioning true --enable-delete-retention true --delete-retention-days 30 --enable-container-delete-retention true --container-delete-retention-days 30`,
      `az storage container-rm create --resource-group ${groupNameOf(plan)} --storage-account ${plan.account} --name ${plan.container}`,
    ];
  },
  look,
  async make(setup) {
    const { plan, door } = setup;
    await door.arm("PUT", plan.groupId, GROUPS_API, { location: plan.location });
    const { allowedIps } = plan;
    await door.arm("PUT", accountIdOf(plan), API, {
      location: plan.location,
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      properties: {
        minimumTlsVersion: "TLS1_2",
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        supportsHttpsTrafficOnly: true,
        networkAcls: {
          bypass: "AzureServices",
          defaultAction: allowedIps.length > 0 ? "Deny" : "Allow",
          ipRules: allowedIps.map((value) => ({ value, action: "Allow" })),
        },
      },
    });
    await door.arm("PUT", serviceId(setup), API, {
      properties: {
        isVersioningEnabled: true,
        deleteRetentionPolicy: RETENTION,
        containerDeleteRetentionPolicy: RETENTION,
      },
    });
    await door.arm("PUT", containerId(setup), API, { properties: {} });
  },
};
