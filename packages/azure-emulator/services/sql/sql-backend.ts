import type { Login } from "./session/login";
import type { Session } from "./session/session";
import type { ServerConnection } from "./sql-server/server-connection";
import type { CopyCsvRequest, CopyCsvResult, SqlService } from "./sql-service";
import type { Login7 } from "./tds/login7";

/** The engine of the databases behind the TDS ports. Servers and databases have the names of their resources. */
export interface SqlBackend {
  readonly engine: SqlService["engine"];
  /** One line that a user should see when the emulator starts. */
  readonly notice?: string | undefined;
  /** A second call changes nothing. @throws EmulatorError if it cannot be reached or started */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Creates the database if it is missing. */
  ensure(server: string, database: string): Promise<void>;
  /** Creates the database, with its users, as a copy of another one as that is now. Missing if the engine copies none. */
  copy?(from: { server: string; database: string }, server: string, database: string): Promise<void>;
  /** Drops the database and its users, even while it is in use. */
  drop(server: string, database: string): Promise<void>;
  /**
   * Serves an authenticated client: with a session of ours, or with a connection to a real server.
   * @throws SqlServerError 18456 for anyone who is not a user of the database
   */
  open(login: Login, request: Login7): Promise<Session | ServerConnection>;
  copyCsv(login: Login, request: CopyCsvRequest): Promise<CopyCsvResult>;
  /** Runs as the owner, in the engine's own SQL. */
  query(
    server: string,
    database: string,
    sql: string,
    parameters?: unknown[],
  ): Promise<Record<string, unknown>[]>;
}
