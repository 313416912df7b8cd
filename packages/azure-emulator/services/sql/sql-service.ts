import type { Readable } from "node:stream";
import type pg from "pg";
import type { LocalService } from "../../control-plane/local-service";

/** Azure SQL, as other parts of the emulator use it. */
export interface SqlService extends LocalService {
  /** The engine: the embedded PostgreSQL, or a real SQL Server. */
  readonly engine: "postgres" | "mssql";
  /** One line about the engine that a user should see at the start; known after `start`. */
  readonly notice?: string | undefined;
  /** The copy activity of Data Factory. */
  copyCsv(request: CopyCsvRequest): Promise<CopyCsvResult>;
  /**
   * A query as owner, in the engine's own SQL, for the query URL and the command line. Parameters are `$1`, `$2`, … in PostgreSQL and
   * `@p1`, `@p2`, … in SQL Server.
   * @param server name of the server, or its address `127.0.0.1,<port>`
   */
  query(
    server: string,
    database: string,
    sql: string,
    parameters?: unknown[],
  ): Promise<Record<string, unknown>[]>;
  /** Connections to one of the emulator's own databases (created if missing). */
  pool(database: string): Promise<pg.Pool>;
}

/** A stored procedure that an administrator calls. */
export interface ProcedureCall {
  /** With its schema, as written. */
  readonly procedure: string;
  /** Names begin with `@`. */
  readonly arguments: readonly { readonly name: string; readonly value: string | null }[];
}

/** @returns the identity that the call makes a database user; undefined for any other call. */
export type UserOfCall = (
  call: ProcedureCall,
) => { readonly name: string; readonly clientId: string } | undefined;

/** A CSV stream and its target table. */
export interface CopyCsvRequest {
  /** `127.0.0.1,<port>` */
  readonly server: string;
  readonly database: string;
  /** For the audience `https://database.windows.net/`; checked as at any login. */
  readonly accessToken: string;
  readonly schema: string;
  readonly table: string;
  /** T-SQL to run before the copy, under the same rules as any text. */
  readonly preCopyScript?: string;
  /** Creates the table if it is missing. */
  readonly autoCreate: boolean;
  /** RFC 4180, UTF-8, with a header; an unquoted empty value is NULL, a quoted one the empty text. */
  readonly csv: Readable;
  /** By default what is not as it should be is refused. */
  readonly reading?: CsvReading;
  readonly signal?: AbortSignal;
  /** The loopback address from which the copy connects (control-plane/network/callers.ts). Default: this machine's. */
  readonly from?: string;
}

/** What becomes of a CSV that is not as it should be. */
export interface CsvReading {
  /** A record with fewer values than the header has names: refused (QT6113), or its missing values are NULL. */
  readonly shortRow: "refused" | "filledWithNull";
  /** Bytes that are not UTF-8: refused (QT6115), or U+FFFD in their place. */
  readonly badUtf8: "refused" | "replaced";
}

export interface CopyCsvResult {
  readonly rowsCopied: number;
  /** Bytes of the CSV, including its header. */
  readonly dataRead: number;
  /** The column names of the header. */
  readonly columns: string[];
}
