import { ArmError } from "../../../control-plane/arm-error";
import type { ResourceType } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { parentId } from "../../../control-plane/resource-id";
import type { BlobFolder } from "../data-plane/blob-folder";
import { newEtag } from "../etag";

export const CONTAINER_TYPE = "Microsoft.Storage/storageAccounts/blobServices/containers";

/** A blob container; deleting it deletes its blobs. */
export function containerType(blobs: BlobFolder): ResourceType {
  return {
    type: CONTAINER_TYPE,
    // The etag is no property: the data plane answers it as a header.
    internal: ["etag"],
    async put({ id, name, body, existing }) {
      requireContainerName(
        name,
        () =>
          new ArmError(
            400,
            "ContainerOperationFailure",
            `The container name '${name}' contains invalid characters or length.`,
          ),
      );
      const { metadata } = body.properties ?? {};
      const same = JSON.stringify(existing?.properties.metadata) === JSON.stringify(metadata);
      const { properties } = existing !== undefined && same ? existing : newContainer(id, name, { metadata });
      return { properties };
    },
    delete: (container) => blobs.removeContainer(accountOf(container.id), container.name),
  };
}

/** A container as Resource Manager has it. */
export function newContainer(
  id: string,
  name: string,
  { metadata }: { readonly metadata: unknown },
): ArmResource {
  const properties = {
    publicAccess: "None",
    leaseStatus: "Unlocked",
    leaseState: "Available",
    deleted: false,
    hasImmutabilityPolicy: false,
    hasLegalHold: false,
  };
  return touched({ id, name, type: CONTAINER_TYPE, properties }, { metadata });
}

/** A container with other metadata, and so a new version of it. */
export function touched(container: ArmResource, { metadata }: { readonly metadata: unknown }): ArmResource {
  const properties = {
    ...container.properties,
    ...(metadata !== undefined && { metadata }),
    etag: newEtag(),
    lastModifiedTime: new Date().toISOString(),
  };
  return { ...container, properties };
}

/** Source: learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata. */
export function requireContainerName(name: string, refusal: () => Error): void {
  if (!/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw refusal();
}

export function containerIdOf(accountId: string, name: string): string {
  return `${accountId}/blobServices/default/containers/${name}`;
}

/** The account of a container's id. */
export function accountOf(containerId: string): string {
  return parentId(parentId(containerId)).split("/").at(-1) ?? "";
}
