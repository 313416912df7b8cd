import type { Principal } from "../identity";
import type { ResourceStore } from "../resource";

/**
 * True for the identity of a data factory: of what the emulator has, only Data Factory is among the services that a vault's and a storage
 * account's `bypass: AzureServices` lets in.
 * Source: learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints#trusted-services and
 * …/storage/common/storage-network-security-trusted-azure-services.
 */
export function isTrustedService(resources: ResourceStore, { objectId }: Principal): boolean {
  return resources
    .list({ type: "Microsoft.DataFactory/factories" })
    .some(({ identity }) => identity?.principalId === objectId);
}
