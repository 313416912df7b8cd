/** The target of a linked service of type AzureSqlDatabase. */
export interface SqlTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Seconds. */
  readonly commandTimeout: number;
  readonly strict: boolean;
  /** The id of the managed virtual network from which to connect. */
  readonly network?: string;
  /** The loopback address from which to connect. */
  readonly from?: string;
}

export type SqlType = "nvarchar" | "int" | "bigint" | "bit";

export interface SqlParameter {
  readonly name: string;
  readonly type: SqlType;
  readonly value: string | number | boolean | null;
}

export type SqlRow = Readonly<Record<string, unknown>>;

export interface SqlResult {
  readonly recordsets: readonly (readonly SqlRow[])[];
  readonly rowsAffected: readonly number[];
}

/** One connection, opened with the factory's own identity. */
export interface SqlSession {
  execute(procedure: string, parameters: readonly SqlParameter[], signal: AbortSignal): Promise<SqlResult>;
  query(text: string, parameters: readonly SqlParameter[], signal: AbortSignal): Promise<SqlResult>;
  close(): Promise<void>;
}

/** Connects. @throws SqlFailure */
export type OpenSql = (target: SqlTarget, accessToken: string) => Promise<SqlSession>;

/** A server's error. `number` is undefined if the server could not be reached. */
export class SqlFailure extends Error {
  override readonly name = "SqlFailure";
  constructor(
    message: string,
    readonly number: number | undefined,
  ) {
    super(message);
  }
}
