import { join } from "node:path";
import { type Door, openDoor } from "../../control-plane/door";
import type { LocalContext, LocalService } from "../../control-plane/local-service";
import { createBlobFolder } from "./data-plane/blob-folder";
import { blobService } from "./data-plane/blob-service";
import { ACCOUNT_TYPE, accountType, BLOB_PORT, blobEndpoint } from "./resources/account";
import { endpointsOf } from "./resources/account-outputs";
import { containerType } from "./resources/container";
import { blobServiceRoutes } from "./rest/blob-service-route";
import { nameRoute } from "./rest/name-route";

/** Storage: accounts and blob containers through Resource Manager, and block blobs at a port of its own, below `/<account>/`. */
export function createStorageService(context: LocalContext): LocalService {
  const blobs = createBlobFolder(join(context.folder, "storage"));
  let door: Door | undefined;
  return {
    name: "storage",
    resourceTypes: [accountType(context, blobs), containerType(blobs)],
    armRoutes: [nameRoute(context), ...blobServiceRoutes(context)],
    // Where all accounts were once: deployments of that time hold such addresses.
    routes: (app) => blobService(app, context, blobs, "/storage"),
    async start() {
      const port = await context.port(BLOB_PORT);
      await keepEndpoints(context, port);
      door = await openDoor(context, port, (app) => blobService(app, context, blobs));
    },
    stop: async () => door?.close(),
  };
}

/** Another process may have taken the port since the last start: then the accounts' addresses change. */
async function keepEndpoints({ resources }: LocalContext, port: number): Promise<void> {
  for (const account of resources.list({ type: ACCOUNT_TYPE })) {
    const address = blobEndpoint(port, account.name);
    const { blob } = (account.properties.primaryEndpoints ?? {}) as { readonly blob?: string };
    if (blob === address) continue;
    const primaryEndpoints = endpointsOf(account, address);
    await resources.set({ ...account, properties: { ...account.properties, primaryEndpoints } });
  }
}
