import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "./placement";
import { steady } from "./steady";

export interface StorageArgs extends Placement {
  readonly accountName: pulumi.Input<string>;
}

/** The storage that Flex Consumption needs: an account without keys and a container for the package. */
export class Storage extends pulumi.ComponentResource {
  readonly account: storage.StorageAccount;
  /** Address of the container in which the platform keeps the deployed package. */
  readonly packageContainerUrl: pulumi.Output<string>;

  constructor(name: string, args: StorageArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:Storage", name, {}, options);
    const { resourceGroupName, location, tags, accountName } = args;
    this.account = new storage.StorageAccount(
      name,
      {
        resourceGroupName,
        location,
        tags,
        accountName,
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        defaultToOAuthAuthentication: true,
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: "TLS1_2",
      },
      { parent: this },
    );
    const container = new storage.BlobContainer(
      `${name}-packages`,
      {
        resourceGroupName,
        accountName: this.account.name,
        containerName: "function-packages",
        publicAccess: "None",
      },
      { parent: this },
    );
    const blobs = steady(
      this.account.primaryEndpoints.blob,
      this.account,
      async ({ resourceGroupName, name: accountName }) =>
        (await storage.getStorageAccount({ resourceGroupName, accountName })).primaryEndpoints.blob,
    );
    this.packageContainerUrl = pulumi.interpolate`${blobs}${container.name}`;
    this.registerOutputs({ packageContainerUrl: this.packageContainerUrl });
  }
}
