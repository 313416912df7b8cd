import mssql from "mssql";
import { migrate } from "../migrate";
import { type Cell, type Driver, type Parameters, type Row, type Session, untilSome } from "./driver";
import { newSqlServerDatabase, type SqlServerDatabase } from "./sql-server-database";

/** A connection to SQL Server, with the rights of `user` if one is given. */
class SqlServerSession implements Session {
  #transaction: mssql.Transaction | undefined;

  constructor(
    readonly pool: mssql.ConnectionPool,
    readonly target: mssql.config,
    private readonly user?: string,
  ) {}

  async call(procedure: string, parameters: Parameters = {}): Promise<Row[][]> {
    const request = this.request();
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
    return (await this.request().query<Row>(this.#impersonation + sql)).recordset ?? [];
  }

  async begin(): Promise<void> {
    this.#transaction = await this.pool.transaction().begin(mssql.ISOLATION_LEVEL.READ_COMMITTED);
  }

  async commit(): Promise<void> {
    await this.#transaction?.commit();
    this.#transaction = undefined;
  }

  async rollback(): Promise<void> {
    await this.#transaction?.rollback();
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
    // Releases the dead connection; otherwise the pool would keep the process alive.
    await this.#transaction?.rollback().catch(() => {});
    this.#transaction = undefined;
    await this.pool.close();
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  /** Applies to the end of the batch that it precedes. */
  get #impersonation(): string {
    return this.user === undefined ? "" : `execute as user = N'${this.user}'; `;
  }

  protected request(): mssql.Request {
    return this.#transaction === undefined
      ? new mssql.Request(this.pool)
      : new mssql.Request(this.#transaction);
  }
}

/** The production T-SQL on the server of `SQLSERVER_URL` (mssql://user:password@host:port), in a separate database. */
export class SqlServerDriver extends SqlServerSession implements Driver {
  readonly engine = "sqlserver";

  private constructor(
    private readonly database: SqlServerDatabase,
    pool: mssql.ConnectionPool,
  ) {
    super(pool, database.connect);
  }

  static async create(url: string): Promise<SqlServerDriver> {
    const database = await newSqlServerDatabase(url);
    await migrate({ connect: database.connect, datasets: [], unknownDatasets: "ignore", users: [] });
    return new SqlServerDriver(database, await connect(database.connect));
  }

  get lacks(): Driver["lacks"] {
    if (!this.database.isBabelfish) return {};
    return {
      rights: "Babelfish lacks EXECUTE AS and some of the grants",
      races:
        "Babelfish 4.4 prefixes the schema of a cached plan twice if another session changes a table in the meantime",
      lockTimeout: "Babelfish 4.4 ends the batch when a lock's time is up, and TRY does not catch it",
      width: "Babelfish 4.4 takes many minutes to parse a statement with a thousand typed columns",
      indexes: "Babelfish 4.4 keeps an index's name for the former name of a renamed table",
      apostrophes: "Babelfish 4.4's QUOTENAME doubles the apostrophes of a name",
    };
  }

  async session(user?: string): Promise<Session> {
    return new SqlServerSession(await connect(this.target), this.target, user);
  }

  /** A user without a login: a managed identity's user needs the directory (qt.ensure_user). */
  async addUser(name: string, role: "loader" | "reader" | "auditor"): Promise<void> {
    await this.query(`create user ${name} without login`);
    await this.query(`alter role ${role} add member ${name}`);
  }

  async stage(runId: string, header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    const table = new mssql.Table(`staging.load_${runId.replaceAll("-", "")}`);
    table.create = true;
    for (const name of header) table.columns.add(name, mssql.NVarChar(mssql.MAX), { nullable: true });
    for (const row of rows) table.rows.add(...row);
    await this.request().bulk(table);
  }

  async age(runId: string, hours: number): Promise<void> {
    await this.pool
      .request()
      .input("run_id", runId)
      .input("hours", mssql.Int, hours)
      .query(`update qt.[load] set snapshot_time = dateadd(hour, -@hours, snapshot_time),
        ended_at = dateadd(hour, -@hours, ended_at) where run_id = @run_id`);
  }

  async somebodyWaits(): Promise<void> {
    const waiting = `select session_id from sys.dm_exec_requests
      where database_id = db_id() and blocking_session_id > 0 and wait_type like N'LCK%'`;
    await untilSome(() => this.query(waiting));
  }

  async pretendRestore(): Promise<void> {
    await this.query("update qt.setting set value = N'elsewhere' where name = N'database_identity'");
  }

  override async close(): Promise<void> {
    await super.close();
    await this.database.drop();
  }
}

function connect(target: mssql.config): Promise<mssql.ConnectionPool> {
  return new mssql.ConnectionPool(target).connect();
}

function recordsets(result: mssql.IResult<Row>): Row[][] {
  return Array.isArray(result.recordsets) ? result.recordsets : [];
}
