import { z } from "zod";
import { ArmError } from "../../../control-plane/arm-error";
import type { ArmRoute, LocalContext } from "../../../control-plane/local-service";
import { ACCOUNT_TYPE, BLOB_SERVICE } from "../resources/account";

const days = z.int().min(1).max(365);
const retention = z.strictObject({
  enabled: z.boolean(),
  days: days.optional(),
  allowPermanentDelete: z.boolean().optional(),
});
/** Of `BlobServicePropertiesProperties` in azure-rest-api-specs, storage/…/stable/2024-01-01/blob.json, what protects blobs. */
const wanted = z.strictObject({
  properties: z.strictObject({
    isVersioningEnabled: z.boolean().optional(),
    deleteRetentionPolicy: retention.optional(),
    containerDeleteRetentionPolicy: retention.optional(),
  }),
});

/**
 * The settings of an account's blobs, kept and shown; the data plane keeps neither versions nor what was deleted.
 * Source: learn.microsoft.com/rest/api/storagerp/blob-services/set-service-properties.
 */
export function blobServiceRoutes({ resources }: LocalContext): ArmRoute[] {
  const path = "/providers/Microsoft.Storage/storageAccounts/:account/blobServices/default";
  const accountAt = (group: string, name = "") => {
    const id = `${group}/providers/${ACCOUNT_TYPE}/${name}`;
    const account = resources.get(id);
    if (account !== undefined) return account;
    throw new ArmError(
      404,
      "ResourceNotFound",
      `The Resource '${ACCOUNT_TYPE}/${name}' under resource group '${group.split("/").at(-1)}' was not found.`,
    );
  };
  const answer = (id: string, properties: unknown) => ({
    status: 200,
    body: {
      id: `${id}/blobServices/default`,
      name: "default",
      type: `${ACCOUNT_TYPE}/blobServices`,
      properties,
    },
  });
  return [
    {
      method: "GET",
      path,
      action: `${ACCOUNT_TYPE}/blobServices/read`,
      async handle({ resourceGroupId, params }) {
        const { id, properties } = accountAt(resourceGroupId, params.account);
        return answer(id, properties[BLOB_SERVICE] ?? DEFAULTS);
      },
    },
    {
      method: "PUT",
      path,
      action: `${ACCOUNT_TYPE}/blobServices/write`,
      async handle({ resourceGroupId, params, body }) {
        const account = accountAt(resourceGroupId, params.account);
        const parsed = wanted.safeParse(body);
        if (!parsed.success) {
          const [issue] = parsed.error.issues;
          throw new ArmError(
            400,
            "InvalidRequestPropertyValue",
            `The value of '${issue?.path.join(".")}' is not valid: ${issue?.message}`,
          );
        }
        const settings = { ...DEFAULTS, ...parsed.data.properties };
        await resources.set({
          ...account,
          properties: { ...account.properties, [BLOB_SERVICE]: settings },
        });
        return answer(account.id, settings);
      },
    },
  ];
}

const DEFAULTS = { deleteRetentionPolicy: { enabled: false, allowPermanentDelete: false } };
