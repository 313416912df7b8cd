import { randomBytes, randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createAccessControl } from "./access-control";
import { keptCertificates } from "./certificates";
import { keptJson } from "./durable-file";
import { createFlowLog } from "./flow-log";
import { lockFolder } from "./folder-lock";
import { openKeptPorts } from "./kept-ports";
import type { LocalContext } from "./local-service";
import { createPrincipalDirectory, type DeployerRecord } from "./principal-directory";
import { openResourceStore } from "./resource-store";
import { createTokenService, keptSigningKey } from "./token-service";

/** Who the folder is: made at the first start, the same ever after. */
interface Directory {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly deployer: DeployerRecord;
}

/** Contexts of this process by folder: opening one again closes the one before. */
const open = new Map<string, LocalContext>();

/**
 * Opens (or makes) the folder of an emulator: its ids, ports, certificates, keys and resources. Everything secret is readable
 * by the owner only.
 * @throws EmulatorError QT6002 where the journal of resources cannot be read, QT6004 where another process holds the folder.
 */
export async function createLocalContext(path: string): Promise<LocalContext> {
  const folder = resolve(path);
  await open.get(folder)?.close();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(folder);
  try {
    const [directory, certificates, key, port, resources] = await Promise.all([
      keptJson<Directory>(join(folder, "directory.json"), newDirectory),
      keptCertificates(folder),
      keptSigningKey(folder),
      openKeptPorts(folder),
      openResourceStore(folder),
    ]);
    const { subscriptionId, tenantId } = directory;
    const address = `127.0.0.1:${await port("front-door")}`;
    const principals = createPrincipalDirectory(directory.deployer, resources);
    const context: LocalContext = {
      folder,
      subscriptionId,
      tenantId,
      resources,
      principals,
      tokens: createTokenService({
        key,
        tenantId,
        principals,
        issuer: `https://${address}/${tenantId}/v2.0`,
        armEndpoint: `https://${address}`,
      }),
      access: createAccessControl({
        resources,
        subscriptionId,
        deployerObjectId: directory.deployer.objectId,
      }),
      flow: createFlowLog(),
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
