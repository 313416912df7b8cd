import pg from "pg";
import type { Cell, Driver, Row } from "./driver";
import { newDatabase } from "./postgres-server";

/** The twin, called directly. */
export class PostgresDriver implements Driver {
  readonly engine = "postgres";

  private constructor(readonly client: pg.Client) {}

  static async create(roles = false): Promise<PostgresDriver> {
    return new PostgresDriver(await newDatabase(roles));
  }

  async call(
    procedure: string,
    parameters: Readonly<Record<string, string | number | boolean | null>> = {},
  ): Promise<Row[][]> {
    const names = Object.keys(parameters).map(
      (name, index) => `${pg.escapeIdentifier(name)} => $${index + 1}`,
    );
    await this.client.query("begin");
    try {
      const text = `select * from ${procedure}(${names.join(", ")})`;
      const result = await this.client.query<Row>(text, Object.values(parameters));
      const [field] = result.fields;
      const recordsets: Row[][] = [];
      if (field?.dataTypeID === refcursor) {
        for (const row of result.rows) {
          const cursor = pg.escapeIdentifier(String(row[field.name]));
          recordsets.push((await this.client.query<Row>(`fetch all from ${cursor}`)).rows);
        }
      } else if (field?.dataTypeID !== nothing) {
        recordsets.push(result.rows);
      }
      await this.client.query("commit");
      return recordsets;
    } catch (error) {
      await this.client.query("rollback");
      throw error;
    }
  }

  async stage(runId: string, header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    const table = `staging.${pg.escapeIdentifier(`load_${runId.replaceAll("-", "")}`)}`;
    const columns = header.map((_, index) => `c${index + 1}`);
    await this.client.query(
      `create table ${table} (${columns.map((column) => `${column} text`).join(", ")})`,
    );
    for (const [index, name] of header.entries()) {
      await this.client.query(`comment on column ${table}.c${index + 1} is ${pg.escapeLiteral(name)}`);
    }
    if (rows.length === 0) return;
    const arrays = columns.map((_, index) => rows.map((row) => row[index] ?? null));
    const lists = columns.map((_, index) => `$${index + 1}::text[]`).join(", ");
    await this.client.query(`insert into ${table} select * from unnest(${lists})`, arrays);
  }

  async query(sql: string): Promise<Row[]> {
    return (await this.client.query<Row>(sql)).rows;
  }

  async age(runId: string, days: number): Promise<void> {
    await this.client.query(
      `update qt.load set snapshot_time = snapshot_time - make_interval(days => $2),
       ended_at = ended_at - make_interval(days => $2) where run_id = $1`,
      [runId, days],
    );
  }

  async pretendRestore(): Promise<void> {
    await this.client.query("update qt.setting set value = 'elsewhere' where name = 'database_identity'");
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

const refcursor = 1790;
const nothing = 2278;
