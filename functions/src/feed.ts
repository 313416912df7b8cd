/** A column of a landed table: its physical name and the type that the tenant declared for it. */
export interface Column {
  readonly name: string;
  /** `text`, `int`, `bigint`, `decimal(p,s)`, `float`, `bit`, `date` or `datetime2`. */
  readonly type: string;
}

/** A dataset as the database lists it. */
export interface Dataset {
  readonly id: string;
  readonly table: string;
  /** `active`, or `retired` when the configuration no longer has it. */
  readonly status: string;
  /** GUID that changes when the database was restored. */
  readonly epoch: string;
  /** 0 before the first publish. */
  readonly publishedVersion: number;
  /** Tombstones up to this version are gone. */
  readonly purgedThrough: number;
  /** Physical names; empty for a keyless dataset. */
  readonly keyColumns: readonly string[];
  readonly columns: readonly Column[];
}

/** Which changes to read: those after (version, row), up to a version. */
export interface ChangesQuery {
  readonly datasetId: string;
  /** The epoch the cursor was made in; null reads without any check of the cursor. */
  readonly epoch: string | null;
  readonly afterVersion: number;
  readonly afterRow: number;
  /** Null reads up to the version published when the statement starts. */
  readonly upto: number | null;
  readonly limit: number;
}

/** What precedes the rows of a change read. */
export interface ChangesHead {
  readonly status: "ok" | "resync" | "unknown";
  readonly epoch: string;
  /** The version that the read goes up to. */
  readonly upto: number;
  readonly purgedThrough: number;
  readonly keyColumns: readonly string[];
  readonly columns: readonly Column[];
}

/**
 * A row of the feed: version, row id, deleted, then every column's text (or null) in the order of the head's columns.
 * The array is handed over as the driver made it; nothing is copied.
 */
export type ChangeRow = readonly unknown[];

/** Where the parts of a row stand. */
export const VERSION = 0;
export const ROW_ID = 1;
export const DELETED = 2;
export const FIRST_COLUMN = 3;

/** Receives a change read as it streams in. */
export interface ChangeReader {
  /** Called once, before any row. */
  head(head: ChangesHead): void;
  /** Called per row, in (version, row id) order. False ends the read; no further call follows. */
  row(row: ChangeRow): boolean;
}

/** The database's change feed. The one port between the pages and `mssql`. */
export interface Feed {
  listDatasets(signal: AbortSignal): Promise<Dataset[]>;
  /**
   * One statement on one connection. Resolves to `end` when the last row was delivered, `stopped` when the reader or
   * the signal ended the read.
   */
  changes(query: ChangesQuery, reader: ChangeReader, signal: AbortSignal): Promise<"end" | "stopped">;
}
