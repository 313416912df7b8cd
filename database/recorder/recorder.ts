import mssql from "mssql";
import type { DatasetInput } from "../../infra/dataset-schema";
import type { Cell, Parameters, Row } from "../conformance/driver";
import { newSqlServerDatabase, type SqlServerDatabase } from "../conformance/sql-server-database";
import { migrateWith } from "../migrate";
import { MssqlExecutor } from "../migration-executor";
import { readMigrationFiles } from "../migration-files";
import { type GeneratedStatement, recordingFiles, substitutes } from "./recording-files";

/** A call and the statements that it ran. */
export interface RecordedCall {
  readonly title: string;
  readonly statements: readonly GeneratedStatement[];
}

/** Runs the procedures on a real server, in a separate database, and records the statements that every call generates. */
export class Recorder {
  #calls: RecordedCall[] = [];
  #run = 0;
  readonly #logins: string[] = [];

  private constructor(
    private readonly database: SqlServerDatabase,
    private readonly pool: mssql.ConnectionPool,
  ) {}

  static async open(url: string): Promise<Recorder> {
    const database = await newSqlServerDatabase(url);
    const executor = new MssqlExecutor(database.connect);
    const options = { datasets: [], unknownDatasets: "ignore", users: [] } as const;
    try {
      await migrateWith(executor, recordingFiles(readMigrationFiles()), options);
    } catch (error) {
      await database.drop();
      throw error;
    }
    return new Recorder(database, await new mssql.ConnectionPool(database.connect).connect());
  }

  /** Returns the calls recorded since the last time. */
  take(): RecordedCall[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  /**
   * Calls a procedure and records its statements.
   * @param refused The code of the expected error.
   */
  async call(title: string, procedure: string, parameters: Parameters, refused?: string): Promise<void> {
    const statements: GeneratedStatement[] = [];
    const error = await this.#execute(procedure, parameters, (row) => {
      if ("generated_by" in row) statements.push(row as unknown as GeneratedStatement);
    });
    this.#calls.push({ title: refused === undefined ? title : `${title}: ${refused}`, statements });
    if (refused === undefined ? error !== undefined : !error?.message.startsWith(`${refused}: `))
      throw new Error(`${title}: expected ${refused ?? "no error"} after\n${statements.at(-1)?.statement}`, {
        cause: error,
      });
  }

  async configure(title: string, datasets: readonly DatasetInput[]): Promise<void> {
    const parameters = { datasets: JSON.stringify(datasets), unknown_datasets: "ignore" };
    await this.call(title, "qt.configure", parameters);
  }

  /** Begins a run, fills its staging table as the copy activity does, and publishes it. */
  async load(
    title: string,
    dataset: string,
    header: readonly string[],
    rows: readonly (readonly Cell[])[],
    refused?: string,
  ): Promise<void> {
    const run = await this.#stage(dataset, header, rows);
    await this.call(title, "qt.publish", { ...run, allow_shrink: true }, refused);
  }

  /** A run whose copy is retried and then fails. */
  async fail(dataset: string, header: readonly string[]): Promise<void> {
    const run = await this.#stage(dataset, header, []);
    await this.call("second try of a copy", "qt.reset_staging", run);
    await this.call("failed run", "qt.fail_load", { ...run, error: "x" });
  }

  async #stage(
    dataset: string,
    header: readonly string[],
    rows: readonly (readonly Cell[])[],
  ): Promise<{ run_id: string }> {
    this.#run += 1;
    const run = { run_id: `run-${this.#run}` };
    await this.#execute("qt.begin_load", { ...run, dataset_id: dataset });
    const table = new mssql.Table(`staging.load_run${this.#run}`);
    table.create = true;
    for (const name of header)
      table.columns.add(substitutes[name] ?? name, mssql.NVarChar(mssql.MAX), { nullable: true });
    for (const row of rows) table.rows.add(...row);
    await this.pool.request().bulk(table);
    return run;
  }

  /** Sets what an administrator may set. */
  async set(name: string, value: string): Promise<void> {
    await this.pool.request().batch(`insert into qt.setting (name, value) values (N'${name}', N'${value}')`);
  }

  /** Adds a database user without an identity. */
  async addUser(name: string): Promise<void> {
    const statements = this.database.isBabelfish
      ? [`create login ${name} with password = N'Not-used-1'`, `create user ${name} for login ${name}`]
      : [`create user ${name} without login`];
    for (const statement of statements) await this.pool.request().batch(statement);
    if (this.database.isBabelfish) this.#logins.push(name);
  }

  async close(): Promise<void> {
    for (const login of this.#logins)
      await this.pool.request().batch(`drop user if exists ${login}; drop login ${login}`);
    await this.pool.close();
    await this.database.drop();
  }

  /** Resolves to the error that the procedure raised. */
  async #execute(
    procedure: string,
    parameters: Parameters,
    onRow: (row: Row) => void = () => {},
  ): Promise<Error | undefined> {
    const request = this.pool.request();
    request.stream = true;
    for (const [name, value] of Object.entries(parameters)) {
      if (typeof value === "boolean") request.input(name, mssql.Bit, value);
      else if (typeof value === "number") request.input(name, mssql.BigInt, value);
      else request.input(name, mssql.NVarChar(mssql.MAX), value);
    }
    let first: Error | undefined;
    request.on("row", onRow);
    request.on("error", (error: Error) => {
      first ??= error;
    });
    const done = new Promise<void>((resolve) => request.once("done", () => resolve()));
    request.execute(procedure).catch(() => {});
    await done;
    return first;
  }
}
