import { once } from "node:events";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { JsonKind } from "./json-scanner";
import type { DataPage, PageRow, PageTable } from "./page";
import { addChanges, type Changes, noChanges } from "./report";
import { identifier, OWN_TABLES, schemaOf } from "./store-schema";

/** What is known about a destination table. */
interface TableEntry {
  readonly primaryKey: readonly string[];
  /** Columns in the order in which they came, with the kinds of values seen. */
  readonly columns: Readonly<Record<string, readonly JsonKind[]>>;
}

export interface Applied {
  readonly changes: Changes;
  readonly warnings: readonly string[];
}

/**
 * Applies a page in one transaction, with the state that belongs to it: soft deletes first, then deletes, then inserts.
 * A record replaces the earlier record with its key as a whole. A record that is inserted, updated, sent unchanged, or deleted is
 * active in the calendar month (UTC) of `now`. A record marked deleted with its whole table is not, until it is sent again:
 * how Fivetran bills that is not documented.
 */
export async function applyPage(
  client: pg.ClientBase,
  connection: string,
  page: DataPage,
  now: Date,
): Promise<Applied> {
  const changes = noChanges();
  const warnings: string[] = [];
  await client.query("begin");
  try {
    await client.query("create temp table if not exists qt_page (key text, row text) on commit delete rows");
    for (const table of page.tables) {
      if (await isNoop(client, connection, table)) continue;
      warnings.push(...(await ensureTable(client, connection, table)));
      if (table.softDelete && table.deletes.length > 0) {
        warnings.push(`${table.name} is in softDelete, so its delete section has no effect`);
      }
      addChanges(changes, await applyTable(client, connection, table, now));
    }
    await client.query(`update ${OWN_TABLES.connection} set state = $2 where name = $1`, [
      connection,
      page.state,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
  return { changes, warnings };
}

/** Partner SDK: truncating a missing table does nothing. It must not fix the table's primary key either. */
async function isNoop(client: pg.ClientBase, connection: string, table: PageTable): Promise<boolean> {
  if (table.primaryKey !== undefined || table.inserts.length > 0) return false;
  return !(await isKnown(client, connection, table.name));
}

async function isKnown(client: pg.ClientBase, connection: string, name: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from ${OWN_TABLES.table} where connection = $1 and name = $2`,
    [connection, name],
  );
  return rowCount === 1;
}

async function ensureTable(client: pg.ClientBase, connection: string, table: PageTable): Promise<string[]> {
  const known = await client.query<{ primary_key: string[]; columns: TableEntry["columns"] }>(
    `select primary_key, columns from ${OWN_TABLES.table} where connection = $1 and name = $2`,
    [connection, table.name],
  );
  const entry = known.rows[0];
  const { columns, warnings } = mergeColumns(table, entry?.columns ?? {});
  if (entry === undefined) {
    await client.query(`
      create schema if not exists ${schemaOf(connection)};
      create table ${schemaOf(connection)}.${identifier(table.name)} (
        key text primary key,
        row json not null,
        deleted boolean not null default false,
        synced timestamptz not null,
        active_month date not null
      )`);
    await client.query(
      `insert into ${OWN_TABLES.table} (connection, name, primary_key, columns) values ($1, $2, $3, $4)`,
      [connection, table.name, JSON.stringify(table.primaryKey ?? []), JSON.stringify(columns)],
    );
  } else if (JSON.stringify(columns) !== JSON.stringify(entry.columns)) {
    await client.query(`update ${OWN_TABLES.table} set columns = $3 where connection = $1 and name = $2`, [
      connection,
      table.name,
      JSON.stringify(columns),
    ]);
  }
  return warnings;
}

function mergeColumns(table: PageTable, known: TableEntry["columns"]) {
  const columns = new Map(Object.entries(known));
  const warnings: string[] = [];
  for (const [name, kinds] of table.columns) {
    const before = columns.get(name) ?? [];
    const all = [...new Set([...before, ...kinds])];
    if (all.length > 1 && all.length > before.length) {
      warnings.push(`${table.name}.${name} has been sent as ${all.join(" and ")}; Fivetran infers one type`);
    }
    columns.set(name, all);
  }
  return { columns: Object.fromEntries(columns), warnings };
}

async function applyTable(
  client: pg.ClientBase,
  connection: string,
  table: PageTable,
  now: Date,
): Promise<Changes> {
  const time = [now.toISOString()];
  const changes = noChanges();
  const target = `${schemaOf(connection)}.${identifier(table.name)}`;
  if (table.softDelete) {
    const marked = await client.query(
      `update ${target} set deleted = true, synced = ${TIME} where not deleted`,
      time,
    );
    changes.softDeletes = marked.rowCount ?? 0;
  } else if (table.deletes.length > 0) {
    await fill(client, table.deletes, false);
    const [row] = await counts(
      client,
      `update ${target} t set deleted = true, synced = ${TIME}, active_month = ${MONTH}
         from qt_page p where t.key = p.key and not t.deleted
       returning 1 as changed, (old.active_month <> new.active_month)::int as activated`,
      "count(*) as deletes, coalesce(sum(activated), 0) as activated",
      time,
    );
    changes.deletes = Number(row?.deletes ?? 0);
    changes.newlyActive += Number(row?.activated ?? 0);
  }
  if (table.inserts.length > 0) {
    await fill(
      client,
      table.primaryKey === undefined ? withSurrogateKeys(table.inserts) : table.inserts,
      true,
    );
    const [row] = await counts(
      client,
      `insert into ${target} as t (key, row, deleted, synced, active_month)
       select key, row::json, false, ${TIME}, ${MONTH} from qt_page
       on conflict (key) do update
         set row = excluded.row, deleted = false, synced = excluded.synced, active_month = excluded.active_month
       returning (old.key is null)::int as inserted,
                 (old.key is not null and not old.deleted and old.row::text = new.row::text)::int as same,
                 (old.active_month is distinct from new.active_month)::int as activated`,
      "count(*) as total, sum(inserted) as inserts, sum(same) as unchanged, sum(activated) as activated",
      time,
    );
    changes.inserts = Number(row?.inserts ?? 0);
    changes.unchanged = Number(row?.unchanged ?? 0);
    changes.updates = Number(row?.total ?? 0) - changes.inserts - changes.unchanged;
    changes.newlyActive += Number(row?.activated ?? 0);
  }
  if (changes.newlyActive > 0) await countActive(client, connection, table.name, changes.newlyActive, now);
  return changes;
}

/** The time of the page, the first parameter of each statement. */
const TIME = "$1::timestamptz";
/** First day of that calendar month, UTC: monthly active rows are counted by it. */
const MONTH = `date_trunc('month', ${TIME} at time zone 'UTC')::date`;

async function counts(
  client: pg.ClientBase,
  statement: string,
  sums: string,
  parameters: readonly string[],
): Promise<Record<string, string>[]> {
  const result = await client.query<Record<string, string>>(
    `with changed as (${statement}) select ${sums} from changed`,
    [...parameters],
  );
  return result.rows;
}

async function countActive(
  client: pg.ClientBase,
  connection: string,
  table: string,
  rows: number,
  now: Date,
): Promise<void> {
  await client.query(
    `insert into ${OWN_TABLES.active} as a (connection, table_name, month, rows) values ($2, $3, ${MONTH}, $4)
     on conflict (connection, table_name, month) do update set rows = a.rows + excluded.rows`,
    [now.toISOString(), connection, table, rows],
  );
}

/** Without a primary key Fivetran appends: each record is its own key. */
function withSurrogateKeys(rows: readonly PageRow[]): PageRow[] {
  const batch = crypto.randomUUID();
  return rows.map(({ text }, index) => ({ key: `${batch}/${index}`, text }));
}

/** Bytes of COPY text per write. */
const CHUNK = 1 << 17;

/** Fills the page's temporary table with COPY. */
async function fill(client: pg.ClientBase, rows: readonly PageRow[], withText: boolean): Promise<void> {
  await client.query("truncate qt_page");
  const stream = client.query(copyFrom("copy qt_page (key, row) from stdin"));
  const done = once(stream, "finish");
  let chunk = "";
  for (const { key, text } of rows) {
    chunk += `${copyText(key)}\t${withText ? copyText(text) : "\\N"}\n`;
    if (chunk.length < CHUNK) continue;
    if (!stream.write(chunk)) await Promise.race([once(stream, "drain"), done]);
    chunk = "";
  }
  stream.end(chunk);
  await done;
}

const NEEDS_ESCAPE = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function copyText(text: string): string {
  return NEEDS_ESCAPE.test(text)
    ? text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
    : text;
}
