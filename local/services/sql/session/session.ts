import pg, { type ClientBase, escapeIdentifier, type PoolClient } from "pg";
import { QtError } from "../../../../errors/qt-error";
import type { FlowLog } from "../../../arm/flow-log";
import { parseBatch } from "../language/parse-batch";
import type { Statement } from "../language/statement";
import type { StatementFile, StatementFiles } from "../language/statement-files";
import type { Databases } from "../postgres/databases";
import { type RowReceiver, type RowStatement, runRows } from "../postgres/row-query";
import type { IsolationLevel } from "../tds/transaction-request";
import { type Argument, callStatement } from "./call-statement";
import { sendLiterals } from "./literals";
import type { Login } from "./login";
import { discard, type ResultSink } from "./result-sink";
import type { RoutineCatalogue } from "./routine";
import { SqlServerError } from "./sql-server-error";
import { traceCall } from "./trace-call";
import { Transaction } from "./transaction";

/** What all sessions share. */
export interface SessionServices {
  readonly databases: Databases;
  readonly routines: RoutineCatalogue;
  readonly files: StatementFiles;
  readonly flow: FlowLog;
}

/** Values of `@variables` in a text, as sp_executesql brings them; names in lower case. */
export type Variables = ReadonlyMap<string, string | null>;

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
  #cancelled = false;
  #cancelling: Promise<unknown> | undefined;

  constructor(
    readonly services: SessionServices,
    readonly login: Login,
  ) {}

  /** Calls a procedure. @throws SqlServerError | DatabaseError | QtError */
  call(procedure: string, given: readonly Argument[], sink: ResultSink): Promise<void> {
    return traceCall(this.services.flow, this.login, procedure, given, () =>
      this.#request(sink, (client) => this.#call(client, procedure, given, sink)),
    );
  }

  /**
   * Runs T-SQL that is a file of the project, or calls and transaction statements.
   * @throws QtError QT6101 for any other text; nothing of it has run then
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
    if (file === undefined) throw new QtError("QT6101", { statement: excerpt(sql) });
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
    await this.close();
    this.#broken = false;
    this.#transaction.forget();
  }

  /** Gives the connection back; an open transaction is rolled back. */
  async close(): Promise<void> {
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

  async #call(
    client: ClientBase,
    procedure: string,
    given: readonly Argument[],
    sink: ResultSink,
  ): Promise<void> {
    const routine = await this.services.routines.find(client, this.login.postgresDatabase, procedure);
    const statement = callStatement(routine, given);
    if (routine.returns === "cursors") await this.#cursors(client, statement, routine.runsAs, sink);
    else await runRows(client, statement, routine.returns === "rows" ? recordsets(sink) : effectOnly);
    sink.endOfCall();
  }

  /**
   * Cursors live as long as their transaction; where the session has none, one is opened for the call. Their rows come
   * into being while they are read, so they are read with the rights that the procedure runs with.
   */
  async #cursors(
    client: ClientBase,
    statement: RowStatement,
    runsAs: string | undefined,
    sink: ResultSink,
  ): Promise<void> {
    const { role } = this.login;
    const own = !this.#transaction.isOpen;
    if (own) await client.query("begin");
    try {
      const names = await firstColumn(client, statement);
      if (role !== undefined && runsAs !== undefined)
        await client.query(`set local role ${escapeIdentifier(runsAs)}`);
      for (const cursor of names) {
        await runRows(client, { cursor }, recordsets(sink));
        if (!own) await client.query(`close ${escapeIdentifier(cursor)}`);
      }
      if (own) await client.query("commit");
      else if (role !== undefined) await client.query(`set local role ${escapeIdentifier(role)}`);
    } catch (error) {
      if (own && this.#client !== undefined) await client.query("rollback");
      throw error;
    }
  }

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

/** Rows as recordsets. Statements without rows leave no trace. */
function recordsets(sink: ResultSink): RowReceiver {
  let open = false;
  let rows = 0;
  return {
    fields(fields) {
      open = true;
      rows = 0;
      sink.recordset(fields);
    },
    row(bytes, at, end) {
      rows++;
      sink.row(bytes, at, end);
    },
    complete() {
      if (open) sink.endOfRecordset(rows);
      open = false;
    },
    pressure: () => sink.pressure(),
  };
}

const effectOnly: RowReceiver = { fields() {}, row() {}, complete() {} };

async function firstColumn(client: ClientBase, statement: RowStatement): Promise<string[]> {
  const values: string[] = [];
  await runRows(client, statement, {
    ...effectOnly,
    row(bytes, at) {
      const length = bytes.readInt32BE(at + 2);
      if (length >= 0) values.push(bytes.toString("utf8", at + 6, at + 6 + length));
    },
  });
  return values;
}

function resolveValue(
  value: string | null | { readonly variable: string },
  variables: Variables,
): string | null {
  if (value === null || typeof value === "string") return value;
  const found = variables.get(value.variable.toLowerCase());
  if (found === undefined)
    throw new SqlServerError(137, `Must declare the scalar variable "${value.variable}".`, {
      class: 15,
      state: 2,
    });
  return found;
}

/** The beginning of a text for a message; literals may be anything, so they are left out. */
function excerpt(sql: string): string {
  const text = sql
    .replace(/'(?:[^']|'')*'?/g, "'…'")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
