import { ArmError } from "../../../control-plane/arm-error";
import type { LocalContext, ResourceType } from "../../../control-plane/local-service";
import { sameId } from "../../../control-plane/resource-id";
import type { BlobFolder } from "../data-plane/blob-folder";
import { accountOutputs } from "./account-outputs";

/** The name of the port at which every account answers. */
export const BLOB_PORT = "blobs";

export const ACCOUNT_TYPE = "Microsoft.Storage/storageAccounts";

/** The member of an account's properties in which the settings of its blobs are kept. */
export const BLOB_SERVICE = "blobService";

/** A storage account. Only its blob endpoint runs here, and only with Entra tokens: there are no account keys. */
export function accountType(context: LocalContext, blobs: BlobFolder): ResourceType {
  return {
    type: ACCOUNT_TYPE,
    internal: [BLOB_SERVICE],
    async put(request) {
      const { id, name, body, existing } = request;
      const problem = nameProblem(context, name, id);
      if (problem?.reason === "AccountNameInvalid") throw new ArmError(400, problem.reason, problem.message);
      if (problem !== undefined) throw new ArmError(409, "StorageAccountAlreadyTaken", problem.message);
      if (body.sku?.name === undefined) {
        throw new ArmError(400, "InvalidRequestContent", `The storage account ${name} needs a sku.`);
      }
      const outputs = accountOutputs(request, blobEndpoint(await context.port(BLOB_PORT), name));
      const kept = existing?.properties[BLOB_SERVICE];
      return kept === undefined
        ? outputs
        : { ...outputs, properties: { ...outputs.properties, [BLOB_SERVICE]: kept } };
    },
    delete: (account) => blobs.removeAccount(account.name),
  };
}

/**
 * Why no account may have the name: it is not one, or another account has it, in any group.
 * @param id the account that has the name already, if there is one
 */
export function nameProblem({ resources }: LocalContext, name: string, id?: string) {
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    const message = `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`;
    return { reason: "AccountNameInvalid", message } as const;
  }
  const taken = resources
    .list({ type: ACCOUNT_TYPE })
    .some((account) => sameId(account.name, name) && (id === undefined || !sameId(account.id, id)));
  if (!taken) return undefined;
  return { reason: "AlreadyExists", message: `The storage account named ${name} is already taken.` } as const;
}

/** In the form of `/<account>/`, as clients take it for a server that has no host name for each account. */
export function blobEndpoint(port: number, account: string): string {
  return `https://127.0.0.1:${port}/${account}/`;
}
