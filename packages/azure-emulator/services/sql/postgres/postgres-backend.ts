import type pg from "pg";
import type { LocalContext } from "../../../control-plane/local-service";
import { copyCsv } from "../copy/copy-csv";
import { StatementFiles } from "../language/statement-files";
import type { Login } from "../session/login";
import { postgresLogin } from "../session/postgres-login";
import { RoutineCatalogue } from "../session/routine";
import { Session, type SessionServices } from "../session/session";
import type { SqlBackend } from "../sql-backend";
import type { CopyCsvRequest, CopyCsvResult } from "../sql-service";
import { postgresDatabaseName } from "./database-name";
import type { EmbeddedPostgres } from "./embedded-postgres";

/** Databases in the embedded PostgreSQL, and sessions that run the twins of the host's T-SQL. */
export class PostgresBackend implements SqlBackend {
  readonly engine = "postgres";
  readonly #files: StatementFiles;
  readonly #routines = new RoutineCatalogue();
  #services: Promise<SessionServices> | undefined;

  /** @param databaseFolder the folder of `tsql` and `postgres`; undefined if no file may run */
  constructor(
    readonly context: LocalContext,
    readonly postgres: EmbeddedPostgres,
    databaseFolder: string | undefined,
  ) {
    this.#files = new StatementFiles(databaseFolder);
  }

  async start(): Promise<void> {
    await this.#session();
  }

  async stop(): Promise<void> {
    this.#services = undefined;
  }

  async ensure(server: string, database: string): Promise<void> {
    const { databases } = await this.#session();
    await databases.ensure(postgresDatabaseName(server, database));
  }

  async copy(from: { server: string; database: string }, server: string, database: string): Promise<void> {
    const { databases } = await this.#session();
    await databases.copy(
      postgresDatabaseName(from.server, from.database),
      postgresDatabaseName(server, database),
    );
  }

  async drop(server: string, database: string): Promise<void> {
    const { databases } = await this.#session();
    await databases.drop(postgresDatabaseName(server, database));
  }

  async open(login: Login): Promise<Session> {
    const services = await this.#session();
    return new Session(services, await postgresLogin(services.databases, login));
  }

  async copyCsv(login: Login, request: CopyCsvRequest): Promise<CopyCsvResult> {
    const session = await this.open(login);
    return copyCsv(session, request).finally(() => session.close());
  }

  async query(
    server: string,
    database: string,
    sql: string,
    parameters?: unknown[],
  ): Promise<Record<string, unknown>[]> {
    const { databases, routines } = await this.#session();
    const name = postgresDatabaseName(server, database);
    try {
      // A text of several statements returns a list of results.
      const results: pg.QueryResult | pg.QueryResult[] = await databases.pool(name).query(sql, parameters);
      return (Array.isArray(results) ? results.at(-1) : results)?.rows ?? [];
    } finally {
      routines.forget(name);
    }
  }

  #session(): Promise<SessionServices> {
    this.#services ??= this.#open().catch((error) => {
      this.#services = undefined;
      throw error;
    });
    return this.#services;
  }

  async #open(): Promise<SessionServices> {
    const databases = await this.postgres.databases();
    await this.#files.refresh();
    return { databases, routines: this.#routines, files: this.#files, flow: this.context.flow };
  }
}
