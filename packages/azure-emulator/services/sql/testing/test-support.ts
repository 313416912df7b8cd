import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createControlPlane, createLocalContext } from "../../../control-plane";
import { type Principal, SQL_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmBody, ArmResource } from "../../../control-plane/resource";
import { createSqlService, ServerRecord, type SqlService } from "..";

/** The SQL service alone, with its engine started, in its own folder. */
export interface TestWorld {
  readonly folder: string;
  readonly context: LocalContext;
  readonly service: SqlService;
  readonly serverId: string;
  readonly databaseId: string;
  /** The server's TDS port. */
  readonly port: number;
  put(id: string, body: ArmBody): Promise<ArmResource>;
  remove(id: string): Promise<void>;
  /** The managed identity with that name. */
  principal(name: string): Principal;
  /** An access token for Azure SQL; if no principal is given, of the deployer, who administers the server. */
  token(principal?: Principal, lifetimeSeconds?: number): string;
  /** Stops everything and opens the folder again. */
  restart(): Promise<TestWorld>;
  stop(): Promise<void>;
}

/** The database on the test server. */
export const TEST_DATABASE = "orders";

/** T-SQL files and their twins, by path. */
export type TestFiles = Readonly<Record<string, { readonly tsql: string; readonly postgres: string }>>;

/**
 * Starts a service with a server `sql-test` and its database `orders`. `stop` removes the folder.
 * @param url a SQL Server in place of the embedded PostgreSQL; `stop` drops the database there
 */
export async function startWorld(files: TestFiles = {}, url?: string): Promise<TestWorld> {
  const folder = await mkdtemp(join(tmpdir(), "sql-test-"));
  await writeTestFiles(folder, files);
  return openWorld(folder, join(folder, "database"), url);
}

/** Writes files into `database` of a folder. */
export async function writeTestFiles(folder: string, files: TestFiles): Promise<void> {
  for (const [path, { tsql, postgres }] of Object.entries(files)) {
    await write(join(folder, "database", "tsql", path), tsql);
    await write(join(folder, "database", "postgres", path), postgres);
  }
}

/** Opens the service on a folder and creates what is missing there. */
export async function openWorld(folder: string, databaseFolder: string, url?: string): Promise<TestWorld> {
  const context = await createLocalContext(join(folder, "state"));
  const server = url === undefined ? undefined : await ServerRecord.choose(context.folder, url);
  const service = createSqlService(context, { databaseFolder, server });
  const controlPlane = createControlPlane(context, [service]);
  const { deployer } = context.principals;
  const group = `/subscriptions/${context.subscriptionId}/resourceGroups/rg-test`;
  const serverId = `${group}/providers/Microsoft.Sql/servers/sql-test`;
  const databaseId = `${serverId}/databases/${TEST_DATABASE}`;
  const put: TestWorld["put"] = (id, body) => controlPlane.put(id, body, deployer);
  const close = async (): Promise<void> => {
    await service.stop?.();
    await context.close();
  };
  await service.start?.();
  await put(group, { location: "westeurope" });
  const administrators = {
    sid: deployer.objectId,
    login: deployer.displayName,
    principalType: "Application",
  };
  const resource = await put(serverId, { location: "westeurope", properties: { administrators } });
  await put(databaseId, { location: "westeurope", properties: {} });
  return {
    folder,
    context,
    service,
    serverId,
    databaseId,
    port: Number(String(resource.properties.fullyQualifiedDomainName).split(",")[1]),
    put,
    remove: (id) => controlPlane.delete(id, deployer),
    principal: (name) =>
      context.principals.ofResource(`${group}/providers/Microsoft.Web/sites/${name}`, name),
    token: (principal = deployer, lifetime) => context.tokens.issue(principal, SQL_AUDIENCE, lifetime).token,
    async restart() {
      await close();
      return openWorld(folder, databaseFolder, url);
    },
    async stop() {
      if (url !== undefined) await controlPlane.delete(databaseId, deployer);
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
