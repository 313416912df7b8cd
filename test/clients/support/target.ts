import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../../packages/azure-emulator";
import { clientEnvironment } from "../../../packages/azure-emulator/control-plane/client-environment";
import type { LocalContext } from "../../../packages/azure-emulator/control-plane/local-service";
import { packTestApp } from "../../../packages/azure-emulator/services/web/testing/test-app";

/** A function that needs a key. */
const APP = `
import { app } from "@azure/functions";
app.http("hello", { methods: ["GET"], authLevel: "function", handler: async () => ({ body: "hello" }) });
`;

/** An emulator for one suite of clients, in which nothing is deployed. */
export interface Target {
  /**
   * What a client's process needs beside its own environment: the variables of `npm run local -- env`, the deployer's object
   * id, and the path of a Function app's package.
   */
  readonly environment: Readonly<Record<string, string>>;
  readonly context: LocalContext;
  stop(): Promise<void>;
}

/** An emulator in a folder of its own, with the example's database. `stop` removes the folder. */
export interface OwnEmulator {
  readonly folder: string;
  readonly context: LocalContext;
  stop(): Promise<void>;
}

export async function startOwnEmulator(): Promise<OwnEmulator> {
  const folder = await mkdtemp(join(tmpdir(), "clients-"));
  const databaseFolder = join(__dirname, "../../../packages/azure-emulator/examples/database");
  const emulator = await startEmulator({
    folder,
    // Clients' own suites do not wait for a role, as people do.
    arm: { roleDelay: { refusals: 0 } },
    sql: { databaseFolder },
    automation: { powerShell: null },
  });
  return {
    folder,
    context: emulator.context,
    async stop() {
      await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function startTarget(): Promise<Target> {
  const { folder, context, stop } = await startOwnEmulator();
  const { tenantId, subscriptionId, httpsUrl: endpoint, certificates, principals } = context;
  const { clientId, secret: clientSecret, objectId } = principals.deployer;
  const { caFile, bundleFile: caBundleFile } = certificates;
  const functionPackage = join(folder, "package.zip");
  await writeFile(functionPackage, await packTestApp(APP));
  const access = { tenantId, subscriptionId, endpoint, caFile, caBundleFile, clientId, clientSecret };
  return {
    context,
    environment: {
      ...clientEnvironment(access),
      AZURE_OBJECT_ID: objectId,
      FUNCTION_PACKAGE: functionPackage,
    },
    stop,
  };
}
