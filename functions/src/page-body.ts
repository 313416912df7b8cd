import type { ByteSink } from "./byte-sink";
import type { Entry } from "./entries";
import { type SyncState, stateText } from "./state";

/** A destination table in a page. */
export interface PageTable {
  readonly name: string;
  readonly primaryKey: readonly string[];
  /** Declared types by column, if requested; Fivetran's own protocol has none. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  /** JSON objects separated by commas; empty or absent if there are none. */
  readonly inserts?: ByteSink | undefined;
  readonly deletes?: ByteSink | undefined;
  /** True to mark every earlier row of the table as deleted before the inserts. */
  readonly softDelete: boolean;
}

export interface PageParts {
  readonly state: SyncState;
  readonly tables: readonly PageTable[];
  readonly hasMore: boolean;
}

/**
 * The body of a response (Fivetran: "Response format"). `schema` names every table in every page, so that it never varies;
 * `delete` and `softDelete` appear only if they are not empty.
 */
export function pageBody({ state, tables, hasMore }: PageParts): Buffer {
  const schema = Object.fromEntries(
    tables.map(({ name, primaryKey, columns }) => [name, { primary_key: primaryKey, columns }]),
  );
  const emptied = tables.filter(({ softDelete }) => softDelete).map(({ name }) => name);
  const deletes = section(tables, ({ deletes }) => deletes);
  return Buffer.concat([
    Buffer.from(`{"state":${stateText(state)},"insert":`),
    ...section(tables, ({ inserts }) => inserts),
    ...(deletes.length > 2 ? [Buffer.from(`,"delete":`), ...deletes] : []),
    Buffer.from(`,"schema":${JSON.stringify(schema)},"hasMore":${hasMore}`),
    Buffer.from(emptied.length === 0 ? "}" : `,"softDelete":${JSON.stringify(emptied)}}`),
  ]);
}

function section(tables: readonly PageTable[], rowsOf: (table: PageTable) => ByteSink | undefined): Buffer[] {
  const parts: Buffer[] = [];
  for (const table of tables) {
    const rows = rowsOf(table);
    if (rows === undefined || rows.length === 0) continue;
    parts.push(
      Buffer.from(`${parts.length === 0 ? "" : ","}${JSON.stringify(table.name)}:[`),
      ...rows.parts(),
      Buffer.from("]"),
    );
  }
  return [Buffer.from("{"), ...parts, Buffer.from("}")];
}

/** Upper bound, in bytes, of a dataset's cursor (numbers of 16 digits, a GUID) and of the punctuation around its names. */
const DATASET_BYTES = 272;
/** Field names and punctuation of the body itself. */
const FRAME_BYTES = 120;

/** An upper bound of a page's size without its rows. */
export function envelopeBytes(entries: readonly Entry[], state: SyncState): number {
  let bytes = FRAME_BYTES + Buffer.byteLength(stateText(state));
  for (const { dataset, table, primaryKey } of entries) {
    // The table's name in insert, delete, schema and softDelete; the id among the cursors and as `turn`.
    bytes += DATASET_BYTES + 4 * table.length + 2 * Buffer.byteLength(JSON.stringify(dataset.id));
    bytes += JSON.stringify(primaryKey).length;
  }
  return bytes;
}
