import { randomBytes } from "node:crypto";
import mssql from "mssql";
import { migrate } from "../migrate";
import type { Cell, Driver, Row } from "./driver";

/** The production T-SQL on the server of `SQLSERVER_URL` (mssql://user:password@host:port), in a database of the suite's own. */
export class SqlServerDriver implements Driver {
  readonly engine = "sqlserver";

  private constructor(
    private readonly server: mssql.ConnectionPool,
    private readonly pool: mssql.ConnectionPool,
    private readonly database: string,
  ) {}

  static async create(url: string): Promise<SqlServerDriver> {
    const database = `qt_conformance_${randomBytes(6).toString("hex")}`;
    const server = await new mssql.ConnectionPool(configuration(url, "master")).connect();
    await server.request().batch(`create database ${database}`);
    const config = configuration(url, database);
    await migrate({ connect: config, datasets: [], unknownDatasets: "ignore", users: [] });
    return new SqlServerDriver(server, await new mssql.ConnectionPool(config).connect(), database);
  }

  async call(
    procedure: string,
    parameters: Readonly<Record<string, string | number | boolean | null>> = {},
  ): Promise<Row[][]> {
    const request = this.pool.request();
    for (const [name, value] of Object.entries(parameters)) {
      if (typeof value === "boolean") request.input(name, mssql.Bit, value);
      else if (typeof value === "number") request.input(name, mssql.BigInt, value);
      else request.input(name, mssql.NVarChar(mssql.MAX), value);
    }
    const result = await request.execute<Row>(procedure);
    return Array.isArray(result.recordsets) ? result.recordsets : [];
  }

  async stage(runId: string, header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    const table = new mssql.Table(`staging.load_${runId.replaceAll("-", "")}`);
    table.create = true;
    for (const name of header) table.columns.add(name, mssql.NVarChar(mssql.MAX), { nullable: true });
    for (const row of rows) table.rows.add(...row);
    await this.pool.request().bulk(table);
  }

  async query(sql: string): Promise<Row[]> {
    return (await this.pool.request().query<Row>(sql)).recordset;
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

  async close(): Promise<void> {
    await this.pool.close();
    await this.server.request().batch(`drop database ${this.database}`);
    await this.server.close();
  }
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
    pool: { max: 4 },
  };
}
