import assert from "node:assert/strict";
import { isJsonObject } from "../../packages/kit/json-object";

type Record_ = Readonly<Record<string, unknown>>;

/** A page that has been checked against the protocol. */
export interface CheckedPage {
  readonly state: unknown;
  readonly insert: Readonly<Record<string, readonly Record_[]>>;
  readonly delete: Readonly<Record<string, readonly Record_[]>>;
  readonly schema: Readonly<Record<string, { readonly primary_key: readonly string[] }>>;
  readonly softDelete: readonly string[];
  readonly hasMore: boolean;
  readonly rows: number;
}

/** Parses a page and asserts the rules for every page. */
export function checkPage(body: Uint8Array | string): CheckedPage {
  const page = JSON.parse(Buffer.from(body).toString("utf8")) as Partial<CheckedPage>;
  assert.ok(isJsonObject(page.state), "state is an object");
  assert.ok(isJsonObject(page.insert), "insert is an object");
  assert.ok(isJsonObject(page.schema), "schema is an object");
  assert.equal(typeof page.hasMore, "boolean");
  const { state, insert, schema, hasMore = false, softDelete = [] } = page;
  const deletes = page.delete ?? {};
  if (page.delete !== undefined) assert.ok(Object.keys(page.delete).length > 0, "delete says something");
  let rows = 0;
  for (const table of new Set([...Object.keys(insert), ...Object.keys(deletes), ...softDelete])) {
    const key = schema[table]?.primary_key;
    assert.ok(key !== undefined && key.length > 0, `${table} has a primary key`);
    const records = [...(insert[table] ?? []), ...(deletes[table] ?? [])];
    const keys = records.map((record) => keyOf(record, key));
    assert.equal(new Set(keys).size, keys.length, `${table} has every key once`);
    for (const record of deletes[table] ?? []) assert.deepEqual(Object.keys(record), [...key]);
    rows += records.length;
  }
  assert.ok(rows > 0 || !hasMore, "a page without rows is the last one");
  return { state, insert, delete: deletes, schema, hasMore, softDelete, rows };
}

/** A destination in memory: live records by table and key. */
export class Destination {
  constructor(readonly tables = new Map<string, Map<string, Record_>>()) {}

  /** An independent copy. */
  copy(): Destination {
    return new Destination(new Map([...this.tables].map(([name, rows]) => [name, new Map(rows)])));
  }

  apply(page: CheckedPage): void {
    for (const table of page.softDelete) this.tables.get(table)?.clear();
    for (const [table, { primary_key: key }] of Object.entries(page.schema)) {
      const rows = this.tables.get(table) ?? new Map<string, Record_>();
      this.tables.set(table, rows);
      for (const record of page.delete[table] ?? []) rows.delete(keyOf(record, key));
      for (const record of page.insert[table] ?? []) rows.set(keyOf(record, key), record);
    }
  }

  /** The records of a table in a stable order. */
  records(table: string): Record_[] {
    return [...(this.tables.get(table)?.entries() ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, row]) => row);
  }
}

const keyOf = (record: Record_, key: readonly string[]) =>
  JSON.stringify(key.map((column) => record[column]));
