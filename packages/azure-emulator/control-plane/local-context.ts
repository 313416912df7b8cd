import { randomBytes, randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createAccessControl } from "./access-control";
import { loadOrCreateCertificates } from "./certificates";
import { loadOrCreateJson } from "./durable-file";
import { createFlowLog } from "./flow-log";
import { lockFolder } from "./folder-lock";
import { openDirectoryObjects } from "./graph/directory-objects";
import type { ArmSettings, LocalContext } from "./local-service";
import { loadOrCreateCallers } from "./network/callers";
import { loadOrCreatePorts } from "./ports";
import { createPrincipalDirectory, type DeployerRecord } from "./principal-directory";
import { openProviderRegistry } from "./provider-registry";
import { openResourceStore } from "./resource-store";
import { createTokenService, loadOrCreateSigningKey } from "./token-service";

/** The ids of the folder: made at the first start, then never changed. */
interface Directory {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly deployer: DeployerRecord;
}

/** Contexts of this process by folder: opening a folder again closes its previous context. */
const open = new Map<string, LocalContext>();

/**
 * Opens (or creates) the folder of an emulator: its ids, ports, certificates, keys and resources. Only the owner can read the
 * secret files.
 * @throws EmulatorError QT6002 if the journal of resources cannot be read, QT6004 if another process holds the folder.
 */
export async function createLocalContext(path: string, settings: ArmSettings = {}): Promise<LocalContext> {
  const folder = resolve(path);
  await open.get(folder)?.close();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(folder);
  try {
    const [directory, objects, certificates, key, port, resources, providers, callers] = await Promise.all([
      loadOrCreateJson<Directory>(join(folder, "directory.json"), newDirectory),
      openDirectoryObjects(folder),
      loadOrCreateCertificates(folder),
      loadOrCreateSigningKey(folder),
      loadOrCreatePorts(folder),
      openResourceStore(folder),
      openProviderRegistry(folder, settings.unregisteredProviders ?? []),
      loadOrCreateCallers(folder),
    ]);
    const { subscriptionId, tenantId } = directory;
    const address = `127.0.0.1:${await port("front-door")}`;
    const principals = createPrincipalDirectory(directory.deployer, resources, objects);
    const context: LocalContext = {
      folder,
      subscriptionId,
      tenantId,
      resources,
      principals,
      directory: objects,
      tokens: createTokenService({
        key,
        tenantId,
        principals,
        issuer: `https://${address}/${tenantId}/v2.0`,
        armEndpoint: `https://${address}`,
        ...(settings.audiences && { audiences: settings.audiences }),
      }),
      access: createAccessControl({
        resources,
        groupsOf: objects.groupsOf,
        subscriptionId,
        deployerObjectId: directory.deployer.objectId,
        roleDelay: settings.roleDelay,
      }),
      settings,
      providers,
      flow: createFlowLog(),
      callers,
      port,
      certificates,
      httpsUrl: `https://${address}`,
      httpUrl: `http://${address}`,
      async close() {
        if (open.get(folder) !== context) return;
        open.delete(folder);
        await resources.close();
        unlock();
      },
    };
    open.set(folder, context);
    return context;
  } catch (error) {
    unlock();
    throw error;
  }
}

function newDirectory(): Directory {
  return {
    subscriptionId: randomUUID(),
    tenantId: randomUUID(),
    deployer: {
      objectId: randomUUID(),
      clientId: randomUUID(),
      secret: randomBytes(32).toString("base64url"),
    },
  };
}
