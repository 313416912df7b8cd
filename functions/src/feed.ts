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
  /** GUID that changes when the database is restored. */
  readonly epoch: string;
  /** 0 before the first publish. */
  readonly publishedVersion: number;
  /** Tombstones up to this version are gone. */
  readonly purgedThrough: number;
  /** Physical names; empty for a keyless dataset. */
  readonly keyColumns: readonly string[];
  readonly columns: readonly Column[];
}

/** The changes to read: those after (version, row), up to a version. */
export interface ChangesQuery {
  readonly datasetId: string;
  /** The cursor's epoch; null reads without checking the cursor. */
  readonly epoch: string | null;
  readonly afterVersion: number;
  readonly afterRow: number;
  /** Null reads up to the version published when the statement starts. */
  readonly upto: number | null;
  readonly limit: number;
}

/** What the database returns before the changed rows. */
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
 * The array is passed on as the driver created it; nothing is copied.
 */
export type ChangeRow = readonly unknown[];

/** Indexes of the parts of a row. */
export const VERSION = 0;
export const ROW_ID = 1;
export const DELETED = 2;
export const FIRST_COLUMN = 3;

/** Receives a change read as it streams in. */
export interface ChangeReader {
  /** Called once, before any row. */
  head(head: ChangesHead): void;
  /** Called for each row, in (version, row id) order. Return false to end the read. */
  row(row: ChangeRow): boolean;
}

/** The database's change feed: the only interface between the pages and `mssql`. */
export interface Feed {
  listDatasets(signal: AbortSignal): Promise<Dataset[]>;
  /**
   * Runs one statement on one connection. Resolves to `end` after the last row, or to `stopped` if the reader or
   * the signal ended the read.
   */
  changes(query: ChangesQuery, reader: ChangeReader, signal: AbortSignal): Promise<"end" | "stopped">;
}
