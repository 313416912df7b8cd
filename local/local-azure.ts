import tls from "node:tls";
import {
  createControlPlane,
  createLocalContext,
  type FrontDoor,
  startFrontDoor,
} from "../packages/azure-emulator/control-plane";
import type {
  ControlPlane,
  LocalContext,
  LocalService,
} from "../packages/azure-emulator/control-plane/local-service";
import { createAutomationService } from "../packages/azure-emulator/services/automation";
import { createDataFactoryService } from "../packages/azure-emulator/services/data-factory";
import { createKeyVaultService } from "../packages/azure-emulator/services/key-vault";
import { createExistingOnlyService } from "../packages/azure-emulator/services/passive";
import {
  createSqlService,
  type ServerRecord,
  type SqlService,
} from "../packages/azure-emulator/services/sql";
import { createStorageService } from "../packages/azure-emulator/services/storage";
import { createWebService } from "../packages/azure-emulator/services/web";
import { createConsole } from "./console";
import { removeEnvironments } from "./environment";
import { createFivetran } from "./saas/fivetran";
import { createQuantemplate } from "./saas/quantemplate";

/** A running stand-in of Azure, of Quantemplate and of Fivetran. */
export interface LocalAzure {
  readonly context: LocalContext;
  readonly controlPlane: ControlPlane;
  readonly sql: SqlService;
  /** Stops every service and takes away the environment files; what was deployed and landed stays on disk. */
  stop(): Promise<void>;
}

export interface LocalAzureOptions {
  /** Folder of all state; made when missing. */
  readonly folder: string;
  /** A real SQL Server in place of the embedded PostgreSQL. */
  readonly server?: ServerRecord | undefined;
}

/** Starts every service of the stand-in and brings back what was deployed before. Listens on loopback only. */
export async function startLocalAzure(options: LocalAzureOptions): Promise<LocalAzure> {
  const context = await createLocalContext(options.folder);
  // Clients inside this process (fetch, mssql) must trust the local CA as children do through NODE_EXTRA_CA_CERTS.
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), context.certificates.ca]);
  const sql = createSqlService(context, { server: options.server });
  const services: LocalService[] = [
    createExistingOnlyService(context),
    createKeyVaultService(context),
    createStorageService(context),
    sql,
    createWebService(context),
    createDataFactoryService(context, { sql: () => sql }),
    createAutomationService(context),
    createQuantemplate(context),
    createFivetran({ context, pool: (database) => sql.pool(database) }),
    createConsole(context),
  ];
  const controlPlane = createControlPlane(context, services);
  let frontDoor: FrontDoor | undefined;
  let stopped: Promise<void> | undefined;
  const stopAll = async () => {
    await removeEnvironments(context.folder);
    // The door first, so that no request meets a service that is going away.
    await frontDoor?.close();
    for (const service of [...services].reverse()) await service.stop?.();
    await context.close();
  };
  // A signal and the command that it breaks off both ask for it.
  const stop = () => {
    stopped ??= stopAll();
    return stopped;
  };
  try {
    frontDoor = await startFrontDoor(context, controlPlane, services);
    // In this order: interrupted jobs of Automation call Data Factory at once, and its runs the database.
    for (const service of services) await service.start?.();
  } catch (error) {
    await stop();
    throw error;
  }
  return { context, controlPlane, sql, stop };
}
