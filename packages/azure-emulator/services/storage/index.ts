import { join } from "node:path";
import type { LocalContext, LocalService } from "../../control-plane/local-service";
import { blobApi } from "./data-plane/blob-api";
import { createBlobFolder } from "./data-plane/blob-folder";
import { accountType, containerType } from "./resources/account";

/** Storage: accounts and blob containers through Resource Manager, and block blobs at `/storage/<account>/`. */
export function createStorageService(context: LocalContext): LocalService {
  const blobs = createBlobFolder(join(context.folder, "storage"));
  return {
    name: "storage",
    resourceTypes: [accountType(context, blobs), containerType(blobs)],
    routes: (app) => blobApi(app, context, blobs),
  };
}
