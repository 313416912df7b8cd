import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "./placement";
import { nameOf, steady } from "./steady";

export interface StorageArgs extends Placement {
  readonly accountName: pulumi.Input<string>;
  readonly isPrivate: boolean;
}

const CONTAINER_NAME = "function-packages";

/** The storage that Flex Consumption needs: an account without keys and a container for the package. */
export class Storage extends pulumi.ComponentResource {
  readonly account: storage.StorageAccount;
  readonly accountName: pulumi.Output<string>;
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
        // Said in both cases: an update without it would leave it as it is.
        publicNetworkAccess: args.isPrivate ? "Disabled" : "Enabled",
      },
      { parent: this },
    );
    this.accountName = nameOf(this.account, accountName);
    const container = new storage.BlobContainer(
      `${name}-packages`,
      {
        resourceGroupName,
        accountName: this.accountName,
        containerName: CONTAINER_NAME,
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
    this.packageContainerUrl = pulumi.interpolate`${blobs}${nameOf(container, CONTAINER_NAME)}`;
    this.registerOutputs({ packageContainerUrl: this.packageContainerUrl });
  }
}
