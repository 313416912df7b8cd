/** A row as the database returns it: bigints as text, bit as boolean, everything else as text or null. */
export type Row = Record<string, unknown>;
export type Cell = string | null;
export type Parameters = Readonly<Record<string, string | number | boolean | null>>;

/** Polls until there is a row; fails after ten minutes, which only a hang would take. */
export async function untilSome(ask: () => Promise<readonly unknown[]>): Promise<void> {
  for (const end = Date.now() + 600_000; Date.now() < end; ) if ((await ask()).length > 0) return;
  throw new Error("No session waits for a lock.");
}

/** One connection to the database. */
export interface Session {
  /** Calls a procedure of schema qt and returns one array of rows per recordset. The message of an error starts with `QT4ddd: `. */
  call(procedure: string, parameters?: Parameters): Promise<Row[][]>;
  /** Runs a statement that both dialects support. */
  query(sql: string): Promise<Row[]>;
  /** Opens a transaction around the calls that follow. */
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Ends the connection from outside; resolves when the server has rolled back its transaction. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

/** A migrated database, as the conformance suite uses it. There is one implementation per engine. */
export interface Driver extends Pick<Session, "call" | "query" | "begin" | "rollback" | "close"> {
  readonly engine: "postgres" | "sqlserver";
  /** The reasons for what cannot be tested on this engine. */
  readonly lacks: Partial<
    Readonly<Record<"rights" | "races" | "lockTimeout" | "apostrophes" | "width" | "indexes", string>>
  >;
  /** Another connection, with the rights of one of the database's users if one is named. */
  session(user?: string): Promise<Session>;
  /** Adds a database user with one of our roles. */
  addUser(name: string, role: "loader" | "reader" | "auditor"): Promise<void>;
  /** Fills the run's staging table as Data Factory's copy does: text columns, named after the header. */
  stage(runId: string, header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void>;
  /** Moves a load's times into the past. */
  age(runId: string, hours: number): Promise<void>;
  /** Resolves when another session of this database waits for a lock. */
  somebodyWaits(): Promise<void>;
  /** Makes the database look restored to {@link Driver.call}. */
  pretendRestore(): Promise<void>;
}
