import pg, { type ClientBase, escapeIdentifier, type PoolClient } from "pg";
import type { FlowLog } from "../../../control-plane/flow-log";
import { EmulatorError } from "../../../errors/emulator-error";
import { excerpt } from "../language/excerpt";
import { parseBatch } from "../language/parse-batch";
import type { Statement } from "../language/statement";
import type { StatementFile, StatementFiles } from "../language/statement-files";
import type { Databases } from "../postgres/databases";
import { runRows } from "../postgres/row-query";
import type { IsolationLevel } from "../tds/transaction-request";
import { callRoutine } from "./call-routine";
import type { Argument } from "./call-statement";
import { sendLiterals } from "./literals";
import type { PostgresLogin } from "./postgres-login";
import { recordsets } from "./receivers";
import { discard, type ResultSink } from "./result-sink";
import type { RoutineCatalogue } from "./routine";
import { SqlServerError } from "./sql-server-error";
import { traceCall } from "./trace-call";
import { Transaction } from "./transaction";
import { resolveValue, type Variables } from "./variables";

/** What all sessions share. */
export interface SessionServices {
  readonly databases: Databases;
  readonly routines: RoutineCatalogue;
  readonly files: StatementFiles;
  readonly flow: FlowLog;
}

type LeasedClient = PoolClient & { readonly processID: number };

/**
 * One login's work on its database, whatever wire it came by. Requests are made one after the other; `cancel` may come
 * at any time. A PostgreSQL connection is taken at the first need and given back, cleaned, by `close`.
 */
export class Session {
  readonly #transaction = new Transaction();
  #client: LeasedClient | undefined;
  #sink: ResultSink | undefined;
  /** PostgreSQL went away in the middle of a transaction: nothing may run as if it were still open. */
  #broken = false;
  #closed = false;
  #cancelled = false;
  #cancelling: Promise<unknown> | undefined;

  constructor(
    readonly services: SessionServices,
    readonly login: PostgresLogin,
  ) {}

  /** Calls a procedure. @throws SqlServerError | DatabaseError | EmulatorError */
  call(procedure: string, given: readonly Argument[], sink: ResultSink): Promise<void> {
    return traceCall(this.services.flow, this.login, procedure, given, () =>
      this.#request(sink, async (client) => {
        const routine = await this.services.routines.find(client, this.login.postgresDatabase, procedure);
        const caller = { role: this.login.role, inTransaction: this.#transaction.isOpen };
        await callRoutine(client, routine, given, caller, sink);
      }),
    );
  }

  /**
   * Runs T-SQL that is a file of the project, or calls and transaction statements.
   * @throws EmulatorError QT6101 for any other text; nothing of it has run then
   */
  async text(sql: string, variables: Variables, sink: ResultSink): Promise<void> {
    const known = this.services.files.find(sql);
    if (known !== undefined) return this.#file(known, sink);
    const statements = parseBatch(sql);
    if (statements !== undefined) {
      for (const statement of statements) await this.#statement(statement, variables, sink);
      return;
    }
    await this.services.files.refresh();
    const file = this.services.files.find(sql);
    if (file === undefined) throw new EmulatorError("QT6101", { statement: excerpt(sql) });
    await this.#file(file, sink);
  }

  begin(isolation: IsolationLevel | undefined, sink: ResultSink): Promise<void> {
    return this.#request(sink, (client) => this.#transaction.begin(client, isolation, sink));
  }

  commit(sink: ResultSink): Promise<void> {
    return this.#request(sink, (client) => this.#transaction.commit(client, sink)).finally(() =>
      this.#forget(),
    );
  }

  rollback(sink: ResultSink): Promise<void> {
    return this.#request(sink, (client) => this.#transaction.rollback(client, sink)).finally(() =>
      this.#forget(),
    );
  }

  /** Lends the connection, for work that is neither a call nor a text. */
  use<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    return this.#request(discard, work);
  }

  /** Stops what runs, with PostgreSQL's 57014, and what is asked for until `cancellationDone`. */
  cancel(): void {
    this.#cancelled = true;
    const pid = this.#client?.processID;
    if (this.#sink === undefined || pid === undefined) return;
    const admin = this.services.databases.pool("postgres");
    this.#cancelling = admin.query("select pg_cancel_backend($1)", [pid]).catch(() => {});
  }

  cancellationDone(): void {
    this.#cancelled = false;
  }

  /** As a new connection would be: no transaction, no session state. */
  async reset(): Promise<void> {
    await this.#giveBack();
    this.#broken = false;
    this.#transaction.forget();
  }

  /** Gives the connection back, for good; an open transaction is rolled back. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#giveBack();
  }

  async #giveBack(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    client.removeAllListeners("notice");
    try {
      if (this.#sink !== undefined) throw new Error("closed in the middle of a request");
      if (client.getTransactionStatus() !== "I") await client.query("rollback");
      await client.query("discard all");
      client.off("error", this.#onLost);
      client.release();
    } catch (error) {
      client.release(error as Error);
    }
  }

  /**
   * Runs with a connection; afterwards a cancellation under way has arrived, so that it cannot hit the next request.
   * An error within a transaction rolls it back and the client is told so, as with XACT_ABORT ON.
   */
  async #request<T>(sink: ResultSink, work: (client: ClientBase) => Promise<T>): Promise<T> {
    if (this.#broken)
      throw new SqlServerError(50_000, "PostgreSQL went away within the transaction.", { class: 20 });
    const client = await this.#lease();
    this.#sink = sink;
    try {
      if (this.#cancelled) throw new SqlServerError(3617, "The query was canceled.");
      return await work(client);
    } catch (error) {
      const undone = this.#transaction.isOpen && error instanceof pg.DatabaseError && this.#client === client;
      if (undone) await this.#transaction.rollback(client, sink).finally(() => this.#forget());
      throw error;
    } finally {
      this.#sink = undefined;
      await this.#cancelling;
      this.#cancelling = undefined;
    }
  }

  /** Procedures may have come, changed or gone. */
  #forget(): void {
    this.services.routines.forget(this.login.postgresDatabase);
  }

  async #lease(): Promise<ClientBase> {
    if (this.#client !== undefined) return this.#client;
    const client = (await this.services.databases
      .pool(this.login.postgresDatabase)
      .connect()) as LeasedClient;
    try {
      if (this.login.role !== undefined) await client.query(`set role ${escapeIdentifier(this.login.role)}`);
      // Closed meanwhile: nobody would give it back.
      if (this.#closed) throw new SqlServerError(50_000, "The session has been closed.", { class: 20 });
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
    client.on("error", this.#onLost);
    // Only what the code says on purpose: PostgreSQL's own notices mean nothing to a T-SQL client.
    client.on(
      "notice",
      (notice) => notice.routine === "exec_stmt_raise" && this.#sink?.info(notice.message ?? ""),
    );
    this.#client = client;
    return client;
  }

  readonly #onLost = (): void => {
    const client = this.#client;
    this.#client = undefined;
    this.#broken = this.#transaction.isOpen;
    client?.release(true);
  };

  #file(file: StatementFile, sink: ResultSink): Promise<void> {
    return this.#request(sink, async (client) => {
      try {
        await runRows(client, { text: await file.twin() }, recordsets(sink));
      } finally {
        this.#forget();
      }
    });
  }

  async #statement(statement: Statement, variables: Variables, sink: ResultSink): Promise<void> {
    switch (statement.kind) {
      case "call": {
        const given = statement.arguments.map(({ name, value }) => ({
          name,
          value: resolveValue(value, variables),
        }));
        return this.call(statement.procedure, given, sink);
      }
      case "begin":
        return this.begin(undefined, sink);
      case "commit":
      case "rollback":
        if (statement.onlyIfOpen && !this.#transaction.isOpen) return;
        return this[statement.kind](sink);
      case "literals":
        return sendLiterals(statement.columns, sink);
      case "use":
        if (statement.database.toLowerCase() === this.login.database.toLowerCase()) return;
        throw new SqlServerError(
          40508,
          "USE statement is not supported to switch between databases. Use a new connection to connect to a different database.",
        );
      case "set":
        return;
    }
  }
}
