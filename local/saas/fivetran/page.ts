import type { JsonKind } from "./json-scanner";

/** A record as it was sent. */
export interface PageRow {
  /** Canonical JSON of the primary key's values; empty if the table has no primary key. */
  readonly key: string;
  /** The record's own JSON text. */
  readonly text: string;
}

/** A page's content for one table. */
export interface PageTable {
  readonly name: string;
  /** Undefined if the page's schema does not name the table. */
  readonly primaryKey: readonly string[] | undefined;
  readonly inserts: readonly PageRow[];
  readonly deletes: readonly PageRow[];
  readonly softDelete: boolean;
  /** Columns of the inserted records with the kinds of their JSON values, except null. */
  readonly columns: ReadonlyMap<string, ReadonlySet<JsonKind>>;
}

/** A well-formed answer of the function. */
export interface DataPage {
  /** JSON text of the state, as it was sent. */
  readonly state: string;
  readonly hasMore: boolean;
  readonly tables: readonly PageTable[];
}

/** An answer that reports an error; Fivetran shows it and keeps its state. */
export interface ErrorPage {
  readonly errorMessage: string;
  readonly errorType: string | undefined;
  readonly stackTrace: string | undefined;
}
