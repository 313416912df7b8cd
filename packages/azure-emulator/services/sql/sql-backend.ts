import type { Login } from "./session/login";
import type { Session } from "./session/session";
import type { ServerConnection } from "./sql-server/server-connection";
import type { CopyCsvRequest, CopyCsvResult, SqlService } from "./sql-service";
import type { Login7 } from "./tds/login7";

/** What keeps the databases behind the TDS ports. Servers and databases are named as their resources are. */
export interface SqlBackend {
  readonly engine: SqlService["engine"];
  /** What somebody who starts the emulator should know about it, in a line. */
  readonly notice?: string | undefined;
  /** Twice is the same as once. @throws EmulatorError where it cannot be reached or started */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Makes the database where it is missing. */
  ensure(server: string, database: string): Promise<void>;
  /** Drops the database, whoever uses it, with its users. */
  drop(server: string, database: string): Promise<void>;
  /**
   * What answers a client that has proved who it is: a session of ours, or a connection to a real server.
   * @throws SqlServerError 18456 for whoever is not a user of the database
   */
  open(login: Login, request: Login7): Promise<Session | ServerConnection>;
  copyCsv(login: Login, request: CopyCsvRequest): Promise<CopyCsvResult>;
  /** As owner, in the engine's own SQL. */
  query(
    server: string,
    database: string,
    sql: string,
    parameters?: unknown[],
  ): Promise<Record<string, unknown>[]>;
}
