import type { FastifyInstance } from "fastify";
import type pg from "pg";
import type { LocalContext, ResourceType } from "../../arm/local-service";
import { copyCsv } from "./copy/copy-csv";
import { queryRoute } from "./query-route";
import { sqlResourceTypes } from "./resource-types";
import { SqlServers, serverType } from "./sql-servers";
import type { CopyCsvRequest, CopyCsvResult, SqlService } from "./sql-service";

/** Azure SQL as an embedded PostgreSQL behind TDS. */
export class PostgresSqlService implements SqlService {
  readonly name = "sql";
  readonly engine = "postgres";
  readonly resourceTypes: readonly ResourceType[];
  readonly #servers: SqlServers;

  constructor(
    readonly context: LocalContext,
    databaseFolder: string,
  ) {
    this.#servers = new SqlServers(context, databaseFolder);
    this.resourceTypes = sqlResourceTypes(this.#servers);
  }

  routes(app: FastifyInstance): void {
    queryRoute(app, this.context, this);
  }

  /** Starts PostgreSQL and listens for every server of the store. */
  async start(): Promise<void> {
    const servers = this.context.resources.list({ type: serverType });
    await Promise.all([this.#servers.services(), ...servers.map(({ id }) => this.#servers.ensure(id))]);
  }

  stop(): Promise<void> {
    return this.#servers.stop();
  }

  /** The CSV stream is closed in any case. */
  async copyCsv(request: CopyCsvRequest): Promise<CopyCsvResult> {
    try {
      const server = await this.#servers.find(request.server);
      const session = await this.#servers.login(server, request.accessToken, request.database);
      return await copyCsv(session, request).finally(() => session.close());
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
    const [name, { databases, routines }] = await Promise.all([
      this.#servers.findDatabase(server, database),
      this.#servers.services(),
    ]);
    try {
      // A text of several statements answers a list of results.
      const results: pg.QueryResult | pg.QueryResult[] = await databases.pool(name).query(sql, parameters);
      return (Array.isArray(results) ? results.at(-1) : results)?.rows ?? [];
    } finally {
      routines.forget(name);
    }
  }

  async pool(database: string): Promise<pg.Pool> {
    const { databases } = await this.#servers.services();
    await databases.ensure(database);
    return databases.pool(database);
  }
}
