import pg, { type ClientBase, escapeIdentifier, type PoolClient } from "pg";
import type { FlowLog } from "../../../control-plane/flow-log";
import { EmulatorError } from "../../../errors/emulator-error";
import { parseBatch } from "../language/parse-batch";
import type { Statement } from "../language/statement";
import type { StatementFile, StatementFiles } from "../language/statement-files";
import type { Databases } from "../postgres/databases";
import { runRows } from "../postgres/row-query";
import type { IsolationLevel } from "../tds/transaction-request";
import { callRoutine } from "./call-routine";
import type { Argument } from "./call-statement";
import { Interruption } from "./interruption";
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

const firstProcessId = 51;
const lastProcessId = 32_767;
let lastUsedProcessId = firstProcessId - 1;

function nextProcessId(): number {
  lastUsedProcessId = lastUsedProcessId === lastProcessId ? firstProcessId : lastUsedProcessId + 1;
  return lastUsedProcessId;
}

/** What a reset ends: with `keep transaction`, an open transaction goes on. */
export type ResetExtent = "everything" | "keep transaction";

/** DISCARD ALL, in its parts that a transaction allows. The role is kept. */
const forgetState =
  "close all; reset all; deallocate all; select pg_advisory_unlock_all(); discard plans; discard temp";

type LeasedClient = PoolClient & { readonly processID: number };

/**
 * One login's work on its database, independent of the protocol. Requests are made one after the other; `cancel` may come
 * at any time. The session takes a PostgreSQL connection when it first needs one; `close` cleans and returns it.
 */
export class Session {
  /** @@SPID: from 51 on, as for every user's session. */
  readonly processId = nextProcessId();
  readonly #transaction = new Transaction();
  #client: LeasedClient | undefined;
  #sink: ResultSink | undefined;
  /** The connection to PostgreSQL was lost in a transaction: nothing may run as if that were still open. */
  #broken = false;
  #closed = false;
  #cancelled = false;
  #interruption: Interruption | undefined;

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
   * Runs T-SQL that equals a file of the host, or consists of calls and transaction statements.
   * @throws EmulatorError QT6101 for any other text; none of it has run then
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

  /** Runs work that is neither a call nor a text on the session's connection. */
  use<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    return this.#request(discard, work);
  }

  /** Cancels the running request (PostgreSQL's 57014), and every request until `cancellationDone`. */
  cancel(): void {
    this.#cancelled = true;
    const pid = this.#client?.processID;
    if (this.#sink === undefined || pid === undefined) return;
    const admin = this.services.databases.pool("postgres");
    this.#interruption ??= new Interruption(() => admin.query("select pg_cancel_backend($1)", [pid]));
  }

  cancellationDone(): void {
    this.#cancelled = false;
  }

  /** Makes the session like a new connection: no session state, and with `everything` no transaction. */
  async reset(extent: ResetExtent): Promise<void> {
    if (extent === "keep transaction" && this.#transaction.isOpen) {
      // A lost connection is reported by the next request.
      if (!this.#broken) await this.#client?.query(forgetState);
      return;
    }
    await this.#giveBack();
    this.#broken = false;
    this.#transaction.forget();
  }

  /** Returns the connection for good; an open transaction is rolled back. */
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
   * Runs with a connection. Waits for a pending cancellation to arrive before it goes on, so that it cannot hit what comes next.
   * An error within a transaction rolls it back and the client learns of that, as with XACT_ABORT ON.
   */
  async #request<T>(sink: ResultSink, work: (client: ClientBase) => Promise<T>): Promise<T> {
    if (this.#broken)
      throw new SqlServerError(50_000, "The connection to PostgreSQL was lost within the transaction.", {
        class: 20,
      });
    const client = await this.#lease();
    this.#sink = sink;
    try {
      if (this.#cancelled) throw new SqlServerError(3617, "The query was canceled.");
      return await work(client);
    } catch (error) {
      await this.#endInterruption();
      const undone = this.#transaction.isOpen && error instanceof pg.DatabaseError && this.#client === client;
      if (undone) await this.#transaction.rollback(client, sink).finally(() => this.#forget());
      throw error;
    } finally {
      this.#sink = undefined;
      await this.#endInterruption();
    }
  }

  async #endInterruption(): Promise<void> {
    await this.#interruption?.end();
    this.#interruption = undefined;
  }

  /** Procedures may have been created, changed or dropped. */
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
      // The session was closed meanwhile, so nobody would return the connection.
      if (this.#closed) throw new SqlServerError(50_000, "The session has been closed.", { class: 20 });
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
    client.on("error", this.#onLost);
    // Only explicit RAISE messages: PostgreSQL's own notices mean nothing to a T-SQL client.
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

/** The beginning of a text for a message; literals may hold data, so they are left out. */
function excerpt(sql: string): string {
  const text = sql
    .replace(/'(?:[^']|'')*'?/g, "'…'")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
