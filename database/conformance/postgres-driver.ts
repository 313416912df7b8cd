import pg from "pg";
import { type Cell, type Driver, type Parameters, type Row, type Session, untilSome } from "./driver";
import { anotherSession, dropDatabase, newDatabase } from "./postgres-server";

const refcursor = 1790;
const nothing = 2278;

/** A connection to the twin, whose procedures are functions. */
class PostgresSession implements Session {
  #inTransaction = false;

  constructor(readonly client: pg.Client) {}

  async call(procedure: string, parameters: Parameters = {}): Promise<Row[][]> {
    const names = Object.keys(parameters).map(
      (name, index) => `${pg.escapeIdentifier(name)} => $${index + 1}`,
    );
    const own = !this.#inTransaction;
    if (own) await this.client.query("begin");
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
      if (own) await this.client.query("commit");
      return recordsets;
    } catch (error) {
      if (own) await this.client.query("rollback");
      throw error;
    }
  }

  async query(sql: string): Promise<Row[]> {
    return (await this.client.query<Row>(sql)).rows;
  }

  async begin(): Promise<void> {
    await this.client.query("begin");
    this.#inTransaction = true;
  }

  async commit(): Promise<void> {
    await this.client.query("commit");
    this.#inTransaction = false;
  }

  async rollback(): Promise<void> {
    await this.client.query("rollback");
    this.#inTransaction = false;
  }

  async cut(): Promise<void> {
    this.client.on("error", () => {});
    const [row] = await this.query("select pg_backend_pid() as pid");
    const other = await anotherSession(this.client);
    await other.query("select pg_terminate_backend($1, 5000)", [row?.pid]);
    await other.end();
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** The twin, called directly. */
export class PostgresDriver extends PostgresSession implements Driver {
  readonly engine = "postgres";
  readonly lacks = {};

  static async create(roles = false): Promise<PostgresDriver> {
    return new PostgresDriver(await newDatabase(roles));
  }

  async session(user?: string): Promise<Session> {
    return new PostgresSession(await anotherSession(this.client, user));
  }

  async addUser(name: string, role: "loader" | "reader" | "auditor"): Promise<void> {
    if (role !== "auditor") {
      await this.call("qt.ensure_user", { name, client_id: crypto.randomUUID(), role });
      return;
    }
    // No identity of the platform is one; an administrator makes a person one.
    const [row] = await this.query("select current_database() as name");
    const user = pg.escapeIdentifier(`${String(row?.name)}/${name}`);
    await this.query(`create role ${user} nologin`);
    await this.query(`grant ${pg.escapeIdentifier(`${String(row?.name)}/auditor`)} to ${user}`);
  }

  async stage(runId: string, header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    const table = `staging.${pg.escapeIdentifier(`load_${runId.replaceAll("-", "")}`)}`;
    const columns = header.map((_, index) => `c${index + 1}`);
    const create = `create table if not exists ${table} (${columns.map((column) => `${column} text`).join(", ")})`;
    const comments = header.map(
      (name, index) => `comment on column ${table}.c${index + 1} is ${pg.escapeLiteral(name)}`,
    );
    await this.client.query([create, ...comments].join(";\n"));
    if (rows.length === 0) return;
    const arrays = columns.map((_, index) => rows.map((row) => row[index] ?? null));
    const lists = columns.map((_, index) => `$${index + 1}::text[]`).join(", ");
    await this.client.query(`insert into ${table} select * from unnest(${lists})`, arrays);
  }

  async age(runId: string, hours: number): Promise<void> {
    await this.client.query(
      `update qt.load set snapshot_time = snapshot_time - make_interval(hours => $2),
       ended_at = ended_at - make_interval(hours => $2) where run_id = $1`,
      [runId, hours],
    );
  }

  async somebodyWaits(): Promise<void> {
    const waiting =
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await untilSome(() => this.query(waiting));
  }

  async pretendRestore(): Promise<void> {
    await this.client.query("update qt.setting set value = 'elsewhere' where name = 'database_identity'");
  }

  override async close(): Promise<void> {
    await dropDatabase(this.client);
  }
}
