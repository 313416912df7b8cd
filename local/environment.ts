import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { QtError } from "../errors/qt-error";
import type { DatasetSettings } from "../infra/dataset-schema";
import { folderHolder } from "../packages/azure-emulator/control-plane/folder-lock";

/** `.local/environment.json`: the contract with scripts and outside tools. Fields may be added, never renamed. */
export interface Environment {
  readonly contract: 1;
  readonly stack: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resourceGroup: string;
  /** https; the bearer token is an Owner's, for the Azure SDK clients. The bundle holds the CA and what this machine trusts. */
  readonly arm: {
    readonly endpoint: string;
    readonly token: string;
    readonly caFile: string;
    readonly caBundleFile: string;
  };
  /** The service principal that deploys: Owner of the subscription and administrator of the SQL server. */
  readonly deployer: { readonly clientId: string; readonly clientSecret: string };
  readonly automation: {
    readonly accountName: string;
    readonly runbookName: string;
    readonly webhookUrl: string;
  };
  readonly dataFactory: {
    readonly factoryName: string;
    readonly factoryId: string;
    readonly pipelineName: string;
  };
  /** The Fivetran function, and the app that serves it. */
  readonly function: {
    readonly url: string;
    readonly key: string;
    readonly appName: string;
    readonly baseUrl: string;
  };
  /** The server speaks TDS at host and port. The URL: POST {sql, parameters?} → {rows}; bearer: arm.token. */
  readonly sql: {
    readonly engine: "postgres" | "mssql";
    readonly queryUrl: string;
    readonly serverName: string;
    readonly host: string;
    readonly port: number;
    readonly database: string;
  };
  readonly keyVault: { readonly vaultName: string; readonly vaultUri: string };
  readonly storage: { readonly accountName: string; readonly blobEndpoint: string };
  readonly quantemplate: {
    readonly endpoint: string;
    readonly tokenUrl: string;
    readonly organisationId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly adminUrl: string;
    readonly datasets: readonly EnvironmentDataset[];
  };
  /** POST …/sync → report; GET …/tables/{name} → rows. */
  readonly fivetran: { readonly adminUrl: string };
  readonly console: { readonly url: string };
  /** The process that serves everything. */
  readonly process: { readonly pid: number };
}

export type EnvironmentDataset = Pick<DatasetSettings, "id" | "table" | "keyColumns">;

const fileOf = (folder: string) => join(folder, "environment.json");
const fileOfStack = (folder: string, stack: string) => join(folder, "environments", `${stack}.json`);
/** Kept while nothing runs, so that the next start serves again what was deployed. */
const fileOfDeployed = (folder: string, stack: string) => join(folder, "deployed", `${stack}.json`);

/** Writes the environment of a stack, and for `dev` also the well-known file. Readable by its owner only: it holds secrets. */
export async function writeEnvironment(folder: string, environment: Environment): Promise<void> {
  const { stack } = environment;
  const text = `${JSON.stringify(environment, null, 2)}\n`;
  const files = [fileOfDeployed(folder, stack), fileOfStack(folder, stack)];
  if (stack === "dev") files.push(fileOf(folder));
  for (const file of files) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}

/** Removes the environment of a destroyed stack. */
export async function forgetEnvironment(folder: string, stack: string): Promise<void> {
  const files = [fileOfDeployed(folder, stack), fileOfStack(folder, stack)];
  if (stack === "dev") files.push(fileOf(folder));
  for (const file of files) await rm(file, { force: true });
}

/** Removes the environment files; call it when nothing in the folder runs any more. */
export async function removeEnvironments(folder: string): Promise<void> {
  await rm(fileOf(folder), { force: true });
  await rm(dirname(fileOfStack(folder, "dev")), { recursive: true, force: true });
}

/** The environments last served from this folder, running or not, one for each deployed stack. */
export async function deployedEnvironments(folder: string): Promise<Environment[]> {
  const place = dirname(fileOfDeployed(folder, "dev"));
  const names = await readdir(place).catch(() => []);
  const files = names.filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(place, name), "utf8")) as Environment),
  );
}

/** The environment of a running emulator, or undefined if none runs. */
export async function findEnvironment(folder: string, stack = "dev"): Promise<Environment | undefined> {
  let text: string;
  try {
    text = await readFile(fileOfStack(folder, stack), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const environment = JSON.parse(text) as Environment;
  // A killed process leaves its file behind, and the system may reuse its id.
  return folderHolder(folder) === environment.process.pid ? environment : undefined;
}

/** @throws QtError QT9003 if nothing runs. */
export async function requireEnvironment(folder: string, stack = "dev"): Promise<Environment> {
  const environment = await findEnvironment(folder, stack);
  if (environment === undefined) throw new QtError("QT9003", { stack });
  return environment;
}
