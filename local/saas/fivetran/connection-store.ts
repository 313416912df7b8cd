import type pg from "pg";
import Cursor from "pg-cursor";
import { QtError } from "../../../errors/qt-error";
import { type Applied, applyPage } from "./destination";
import type { DataPage } from "./page";
import type { KnownKeys } from "./page-parser";
import { createOwnTables, identifier, OWN_TABLES, schemaOf } from "./store-schema";

/** Settings of a connection, as in Fivetran's setup form. */
export interface ConnectionConfig {
  readonly functionUrl: string;
  readonly functionKey: string;
  readonly secrets: Readonly<Record<string, unknown>>;
  readonly customPayload: Readonly<Record<string, unknown>>;
}

export interface TableSummary {
  readonly name: string;
  readonly primaryKey: readonly string[];
  readonly rows: number;
  readonly deleted: number;
}

const SYNCED = `to_char(synced at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** Rows read at a time. */
const PORTION = 2000;

/** Connections, their states and their destination tables, in PostgreSQL. */
export class ConnectionStore {
  #ready: Promise<pg.Pool> | undefined;

  constructor(
    private readonly makePool: () => Promise<pg.Pool>,
    private readonly now: () => Date,
  ) {}

  async putConfig(name: string, config: ConnectionConfig): Promise<void> {
    const pool = await this.#pool();
    await pool.query(
      `insert into ${OWN_TABLES.connection} (name, config) values ($1, $2) on conflict (name) do update set config = $2`,
      [name, JSON.stringify(config)],
    );
  }

  /** @throws QtError QT8501 */
  async config(name: string): Promise<ConnectionConfig> {
    return (await this.#one<{ config: ConnectionConfig }>(name, "config")).config;
  }

  /** JSON text of the state, as it was stored. @throws QtError QT8501 */
  async state(name: string): Promise<string> {
    return (await this.#one<{ state: string }>(name, "state::text as state")).state;
  }

  async putState(name: string, state: string): Promise<void> {
    const pool = await this.#pool();
    await pool.query(`update ${OWN_TABLES.connection} set state = $2 where name = $1`, [name, state]);
  }

  async knownKeys(name: string): Promise<KnownKeys> {
    const pool = await this.#pool();
    const { rows } = await pool.query<{ name: string; primary_key: string[] }>(
      `select name, primary_key from ${OWN_TABLES.table} where connection = $1`,
      [name],
    );
    return new Map(rows.map((row) => [row.name, row.primary_key]));
  }

  async apply(name: string, page: DataPage): Promise<Applied> {
    const client = await (await this.#pool()).connect();
    try {
      return await applyPage(client, name, page, this.now());
    } finally {
      client.release();
    }
  }

  async tables(name: string): Promise<TableSummary[]> {
    const pool = await this.#pool();
    const keys = await this.knownKeys(name);
    return Promise.all(
      [...keys].map(async ([table, primaryKey]) => {
        const { rows } = await pool.query<{ rows: string; deleted: string }>(
          `select count(*) filter (where not deleted) as rows, count(*) filter (where deleted) as deleted
             from ${schemaOf(name)}.${identifier(table)}`,
        );
        return { name: table, primaryKey, rows: Number(rows[0]?.rows), deleted: Number(rows[0]?.deleted) };
      }),
    );
  }

  /** Distinct records active in this calendar month (UTC), over all tables. */
  async monthlyActiveRows(name: string): Promise<number> {
    const pool = await this.#pool();
    const { rows } = await pool.query<{ rows: string }>(
      `select coalesce(sum(rows), 0) as rows from ${OWN_TABLES.active}
        where connection = $1 and month = date_trunc('month', $2::timestamptz at time zone 'UTC')::date`,
      [name, this.now().toISOString()],
    );
    return Number(rows[0]?.rows ?? 0);
  }

  /**
   * The JSON text of a table's records, in portions, with Fivetran's system columns. A column that a record
   * lacks is null, as in a table.
   * @throws QtError QT8506
   */
  async rows(name: string, table: string, withDeleted: boolean): Promise<AsyncIterable<string>> {
    const pool = await this.#pool();
    const { rows } = await pool.query<{ name: string; columns: Record<string, unknown> }>(
      `select name, columns from ${OWN_TABLES.table} where connection = $1`,
      [name],
    );
    const entry = rows.find((row) => row.name === table);
    if (entry === undefined) {
      const known = rows.map((row) => row.name).join(", ") || "none yet";
      throw new QtError("QT8506", { connection: name, table, known });
    }
    return readRows(pool, `${schemaOf(name)}.${identifier(table)}`, Object.keys(entry.columns), withDeleted);
  }

  async #one<T extends pg.QueryResultRow>(name: string, columns: string): Promise<T> {
    const pool = await this.#pool();
    const { rows } = await pool.query<T>(`select ${columns} from ${OWN_TABLES.connection} where name = $1`, [
      name,
    ]);
    const [row] = rows;
    if (row === undefined) throw new QtError("QT8501", { connection: name });
    return row;
  }

  #pool(): Promise<pg.Pool> {
    this.#ready ??= this.#open();
    return this.#ready;
  }

  async #open(): Promise<pg.Pool> {
    try {
      const pool = await this.makePool();
      await createOwnTables(pool);
      return pool;
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
  }
}

interface StoredRow {
  readonly row: string;
  readonly deleted: boolean;
  /** ISO 8601, UTC. */
  readonly synced: string;
}

async function* readRows(
  pool: pg.Pool,
  table: string,
  columns: readonly string[],
  withDeleted: boolean,
): AsyncGenerator<string> {
  const client = await pool.connect();
  const condition = withDeleted ? "" : "where not deleted";
  const cursor = client.query(
    new Cursor<StoredRow>(
      `select row::text as row, deleted, ${SYNCED} as synced from ${table} ${condition} order by key`,
    ),
  );
  try {
    for (let portion = await cursor.read(PORTION); portion.length > 0; portion = await cursor.read(PORTION)) {
      for (const row of portion) yield rowText(row, columns);
    }
  } finally {
    await cursor.close();
    client.release();
  }
}

function rowText({ row, deleted, synced }: StoredRow, columns: readonly string[]): string {
  const present = JSON.parse(row) as Record<string, unknown>;
  const missing = columns.filter((column) => !Object.hasOwn(present, column));
  const more = missing.map((column) => `${JSON.stringify(column)}:null,`).join("");
  const open = row.slice(0, row.lastIndexOf("}")).trimEnd();
  const comma = open.endsWith("{") ? "" : ",";
  return `${open}${comma}${more}"_fivetran_deleted":${deleted},"_fivetran_synced":"${synced}"}`;
}
