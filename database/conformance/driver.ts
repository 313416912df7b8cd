/** A row as the database returns it: bigints as text, bit as boolean, everything else as text or null. */
export type Row = Record<string, unknown>;
export type Cell = string | null;
export type Parameters = Readonly<Record<string, string | number | boolean | null>>;

/** Asks again until there is an answer; gives up after ten minutes, which only a hang takes. */
export async function untilSome(ask: () => Promise<readonly unknown[]>): Promise<void> {
  for (const end = Date.now() + 600_000; Date.now() < end; ) if ((await ask()).length > 0) return;
  throw new Error("No session waits for a lock.");
}

/** One connection to the database. */
export interface Session {
  /** Calls a procedure of schema qt; one array of rows per recordset. Errors carry `QT4ddd: …` in their message. */
  call(procedure: string, parameters?: Parameters): Promise<Row[][]>;
  /** A statement both dialects understand. */
  query(sql: string): Promise<Row[]>;
  /** Opens a transaction around the calls that follow. */
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** Ends the connection from outside; resolves when the server has rolled back what it had begun. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

/** What the conformance suite needs of a database that the migration has been applied to. One implementation per engine. */
export interface Driver extends Pick<Session, "call" | "query" | "close"> {
  readonly engine: "postgres" | "sqlserver";
  /** What cannot be tested on this engine, with the reason. */
  readonly lacks: Partial<Readonly<Record<"rights" | "races" | "apostrophes" | "width", string>>>;
  /** Another connection, with the rights of one of the database's users where one is named. */
  session(user?: string): Promise<Session>;
  /** A database user with a role of ours. */
  addUser(name: string, role: "loader" | "reader"): Promise<void>;
  /** Fills the run's staging table as Data Factory's copy does: named after the header, every column text. */
  stage(runId: string, header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void>;
  /** Moves a load's times into the past, as if it had happened then. */
  age(runId: string, days: number): Promise<void>;
  /** Resolves when another session of this database waits for a lock. */
  somebodyWaits(): Promise<void>;
  /** Makes the database look restored to {@link Driver.call}. */
  pretendRestore(): Promise<void>;
}
