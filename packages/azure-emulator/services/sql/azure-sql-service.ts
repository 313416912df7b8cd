import type { FastifyInstance } from "fastify";
import type pg from "pg";
import type { ArmRoute, LocalContext, ResourceType } from "../../control-plane/local-service";
import { queryRoute } from "./data-plane/query-route";
import type { EmbeddedPostgres } from "./postgres/embedded-postgres";
import { LogicalServers, serverType } from "./resources/logical-servers";
import { sqlResourceTypes } from "./resources/resource-types";
import { capabilitiesRoute } from "./rest/capabilities-route";
import { poolDatabasesRoute } from "./rest/pool-databases-route";
import type { SqlBackend } from "./sql-backend";
import type { CopyCsvRequest, CopyCsvResult, SqlService } from "./sql-service";

/** Azure SQL: resources and TDS ports in front of a backend. The embedded PostgreSQL also keeps the emulator's own databases. */
export class AzureSqlService implements SqlService {
  readonly name = "sql";
  readonly resourceTypes: readonly ResourceType[];
  readonly armRoutes: readonly ArmRoute[];
  readonly #servers: LogicalServers;

  constructor(
    readonly context: LocalContext,
    readonly backend: SqlBackend,
    readonly postgres: EmbeddedPostgres,
  ) {
    this.#servers = new LogicalServers(context, backend);
    this.armRoutes = [capabilitiesRoute(), poolDatabasesRoute(context.resources)];
    this.resourceTypes = sqlResourceTypes(context.resources, this.#servers, backend);
  }

  get engine(): SqlService["engine"] {
    return this.backend.engine;
  }

  get notice(): string | undefined {
    return this.backend.notice;
  }

  routes(app: FastifyInstance): void {
    queryRoute(app, this.context, this);
  }

  /** Starts the backend and listens for every stored server. */
  async start(): Promise<void> {
    const servers = this.context.resources.list({ type: serverType });
    await Promise.all([this.backend.start(), ...servers.map(({ id }) => this.#servers.ensure(id))]);
  }

  async stop(): Promise<void> {
    await this.#servers.stop();
    await this.backend.stop();
    await this.postgres.stop();
  }

  /** Always closes the CSV stream. */
  async copyCsv(request: CopyCsvRequest): Promise<CopyCsvResult> {
    try {
      const server = await this.#servers.find(request.server);
      const login = this.#servers.login(server, request.accessToken, request.database, request.from);
      return await this.backend.copyCsv(login, request);
    } finally {
      request.csv.destroy();
    }
  }

  async query(
    server: string,
    database: string,
    sql: string,
    parameters?: unknown[],
  ): Promise<Record<string, unknown>[]> {
    const found = await this.#servers.findDatabase(server, database);
    return this.backend.query(found.server, found.database, sql, parameters);
  }

  async pool(database: string): Promise<pg.Pool> {
    const databases = await this.postgres.databases();
    await databases.ensure(database);
    return databases.pool(database);
  }
}
