import { ArmError } from "../../../control-plane/arm-error";
import type { LocalContext, ResourceType } from "../../../control-plane/local-service";
import { parentId, sameId } from "../../../control-plane/resource-id";
import type { BlobFolder } from "../data-plane/blob-folder";

export const ACCOUNT_TYPE = "Microsoft.Storage/storageAccounts";
export const CONTAINER_TYPE = "Microsoft.Storage/storageAccounts/blobServices/containers";

/** A storage account. Only its blob endpoint runs here, and only with Entra tokens: there are no account keys. */
export function accountType(context: LocalContext, blobs: BlobFolder): ResourceType {
  return {
    type: ACCOUNT_TYPE,
    async put({ id, name, body }) {
      if (!/^[a-z0-9]{3,24}$/.test(name)) {
        throw new ArmError(
          400,
          "AccountNameInvalid",
          `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
        );
      }
      const taken = context.resources
        .list({ type: ACCOUNT_TYPE })
        .some((account) => sameId(account.name, name) && !sameId(account.id, id));
      if (taken) {
        throw new ArmError(
          409,
          "StorageAccountAlreadyTaken",
          `The storage account named ${name} is already taken.`,
        );
      }
      if (body.sku?.name === undefined) {
        throw new ArmError(400, "InvalidRequestContent", `The storage account ${name} needs a sku.`);
      }
      return {
        kind: body.kind ?? "StorageV2",
        properties: {
          provisioningState: "Succeeded",
          statusOfPrimary: "available",
          ...(body.location !== undefined && { primaryLocation: body.location }),
          primaryEndpoints: { blob: `${context.httpsUrl}/storage/${name}/` },
        },
      };
    },
    delete: (account) => blobs.removeAccount(account.name),
  };
}

/** A blob container; deleting it deletes its blobs. */
export function containerType(blobs: BlobFolder): ResourceType {
  return {
    type: CONTAINER_TYPE,
    async put({ name }) {
      if (!/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
        throw new ArmError(
          400,
          "ContainerOperationFailure",
          `The container name '${name}' contains invalid characters or length.`,
        );
      }
      return {
        properties: {
          publicAccess: "None",
          leaseStatus: "Unlocked",
          leaseState: "Available",
          deleted: false,
        },
      };
    },
    delete: (container) => blobs.removeContainer(accountOf(container.id), container.name),
  };
}

/** The account of a container's id. */
export function accountOf(containerId: string): string {
  return parentId(parentId(containerId)).split("/").at(-1) ?? "";
}
