import { randomBytes } from "node:crypto";
import mssql from "mssql";
import { migrate } from "../migrate";
import type { Cell, Driver, Parameters, Row, Session } from "./driver";

/** A connection to SQL Server, with the rights of `user` where one is given. */
class SqlServerSession implements Session {
  #transaction: mssql.Transaction | undefined;

  constructor(
    readonly pool: mssql.ConnectionPool,
    readonly target: mssql.config,
    private readonly user?: string,
  ) {}

  async call(procedure: string, parameters: Parameters = {}): Promise<Row[][]> {
    const request = this.#request();
    for (const [name, value] of Object.entries(parameters)) {
      if (typeof value === "boolean") request.input(name, mssql.Bit, value);
      else if (typeof value === "number") request.input(name, mssql.BigInt, value);
      else request.input(name, mssql.NVarChar(mssql.MAX), value);
    }
    if (this.user === undefined) return recordsets(await request.execute<Row>(procedure));
    const list = Object.keys(parameters).map((name) => `@${name} = @${name}`);
    return recordsets(await request.query<Row>(`${this.#impersonation}exec ${procedure} ${list.join(", ")}`));
  }

  async query(sql: string): Promise<Row[]> {
    return (await this.#request().query<Row>(this.#impersonation + sql)).recordset ?? [];
  }

  async begin(): Promise<void> {
    this.#transaction = await this.pool.transaction().begin(mssql.ISOLATION_LEVEL.READ_COMMITTED);
  }

  async commit(): Promise<void> {
    await this.#transaction?.commit();
    this.#transaction = undefined;
  }

  async cut(): Promise<void> {
    const [row] = await this.query("select @@spid as spid");
    const spid = Number(row?.spid);
    const other = await connect(this.target);
    await other.request().batch(`kill ${spid}`);
    for (let alive = true; alive; ) {
      const sessions = await other
        .request()
        .query(`select session_id from sys.dm_exec_sessions where session_id = ${spid}`);
      alive = sessions.recordset.length > 0;
    }
    await other.close();
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  /** Lasts to the end of the statement that it precedes. */
  get #impersonation(): string {
    return this.user === undefined ? "" : `execute as user = N'${this.user}'; `;
  }

  #request(): mssql.Request {
    return this.#transaction === undefined
      ? new mssql.Request(this.pool)
      : new mssql.Request(this.#transaction);
  }
}

/** The production T-SQL on the server of `SQLSERVER_URL` (mssql://user:password@host:port), in a database of the suite's own. */
export class SqlServerDriver extends SqlServerSession implements Driver {
  readonly engine = "sqlserver";

  private constructor(
    private readonly server: mssql.ConnectionPool,
    pool: mssql.ConnectionPool,
    target: mssql.config,
    readonly withoutRights: string | undefined,
  ) {
    super(pool, target);
  }

  static async create(url: string): Promise<SqlServerDriver> {
    const database = `qt_conformance_${randomBytes(6).toString("hex")}`;
    const server = await connect(configuration(url, "master"));
    await server.request().batch(`create database ${database}`);
    const target = configuration(url, database);
    const { engine } = await migrate({ connect: target, datasets: [], unknownDatasets: "ignore", users: [] });
    // What Azure SQL Database has by default, and Babelfish always.
    if (engine === "sql-server") {
      await server
        .request()
        .batch(`alter database ${database} set read_committed_snapshot on with rollback immediate`);
    }
    const withoutRights =
      engine === "babelfish" ? "Babelfish has neither EXECUTE AS nor all of the grants" : undefined;
    return new SqlServerDriver(server, await connect(target), target, withoutRights);
  }

  async session(user?: string): Promise<Session> {
    return new SqlServerSession(await connect(this.target), this.target, user);
  }

  /** A user of this test only: a managed identity's needs the directory (qt.ensure_user). */
  async addUser(name: string, role: "loader" | "reader"): Promise<void> {
    await this.query(`create user ${name} without login`);
    await this.query(`alter role ${role} add member ${name}`);
  }

  async stage(runId: string, header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    const table = new mssql.Table(`staging.load_${runId.replaceAll("-", "")}`);
    table.create = true;
    for (const name of header) table.columns.add(name, mssql.NVarChar(mssql.MAX), { nullable: true });
    for (const row of rows) table.rows.add(...row);
    await this.pool.request().bulk(table);
  }

  async age(runId: string, days: number): Promise<void> {
    await this.pool
      .request()
      .input("run_id", runId)
      .input("days", mssql.Int, days)
      .query(`update qt.[load] set snapshot_time = dateadd(day, -@days, snapshot_time),
        ended_at = dateadd(day, -@days, ended_at) where run_id = @run_id`);
  }

  async pretendRestore(): Promise<void> {
    await this.query("update qt.setting set value = N'elsewhere' where name = N'database_identity'");
  }

  override async close(): Promise<void> {
    await super.close();
    await this.server.request().batch(`drop database ${this.target.database}`);
    await this.server.close();
  }
}

/** One connection is all that a session has; so what it sets and holds stays with it. */
function connect(target: mssql.config): Promise<mssql.ConnectionPool> {
  return new mssql.ConnectionPool(target).connect();
}

function recordsets(result: mssql.IResult<Row>): Row[][] {
  return Array.isArray(result.recordsets) ? result.recordsets : [];
}

function configuration(url: string, database: string): mssql.config {
  const { hostname, port, username, password } = new URL(url);
  return {
    server: hostname,
    port: port === "" ? 1433 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
    requestTimeout: 120_000,
    options: { trustServerCertificate: true },
    pool: { max: 1 },
  };
}
