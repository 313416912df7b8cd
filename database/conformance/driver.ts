/** A row as the database returns it: bigints as text, bit as boolean, everything else as text or null. */
export type Row = Record<string, unknown>;
export type Cell = string | null;

/** What the conformance suite needs of a database that the migration has been applied to. One implementation per engine. */
export interface Driver {
  readonly engine: "postgres" | "sqlserver";
  /** Calls a procedure of schema qt; one array of rows per recordset. Errors carry `QT4ddd: …` in their message. */
  call(
    procedure: string,
    parameters?: Readonly<Record<string, string | number | boolean | null>>,
  ): Promise<Row[][]>;
  /** Fills the run's staging table as Data Factory's copy does: named after the header, every column text. */
  stage(runId: string, header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void>;
  /** A statement both dialects understand. */
  query(sql: string): Promise<Row[]>;
  /** Moves a load's times into the past, as if it had happened then. */
  age(runId: string, days: number): Promise<void>;
  /** Makes the database look restored to {@link Driver.call}. */
  pretendRestore(): Promise<void>;
  close(): Promise<void>;
}
