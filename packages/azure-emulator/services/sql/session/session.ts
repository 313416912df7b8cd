import type { ClientBase } from "pg";
import type { FlowLog } from "../../../control-plane/flow-log";
import { EmulatorError } from "../../../errors/emulator-error";
import { type IsolationLevel, postgresLevel } from "../language/isolation-level";
import type { SetOption } from "../language/parse-set";
import { parseProcedureName } from "../language/procedure-name";
import type { StatementFile, StatementFiles } from "../language/statement-files";
import type { SessionFacts } from "../language/system-functions";
import type { Databases } from "../postgres/databases";
import { runRows } from "../postgres/row-query";
import { callRoutine } from "./call-routine";
import { type Argument, callStatement } from "./call-statement";
import { endsTransaction, explainError } from "./explain-error";
import type { PostgresLogin } from "./postgres-login";
import { recordsets } from "./receivers";
import { discard, type ResultSink } from "./result-sink";
import { noSuchProcedure, type RoutineCatalogue } from "./routine";
import { SessionConnection } from "./session-connection";
import { nextProcessId, sessionFacts } from "./session-facts";
import { SessionOptions } from "./session-options";
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

/** What a reset ends: with `keep transaction`, an open transaction goes on. */
export type ResetExtent = "everything" | "keep transaction";

/**
 * One login's work on its database, independent of the protocol. Requests are made one after the other; `cancel` may come
 * at any time. The session takes a PostgreSQL connection when it first needs one; `close` cleans and returns it.
 */
export class Session {
  /** @@SPID: from 51 on, as for every user's session. */
  readonly processId = nextProcessId();
  readonly #transaction = new Transaction();
  readonly #connection: SessionConnection;
  #options = new SessionOptions();
  #sink: ResultSink | undefined;
  /** The connection to PostgreSQL was lost in a transaction: nothing may run as if that were still open. */
  #broken = false;

  constructor(
    readonly services: SessionServices,
    readonly login: PostgresLogin,
  ) {
    this.#connection = new SessionConnection(
      services.databases,
      login,
      (client) => this.#applyOptions(client),
      (message) => this.#sink?.info(message),
      () => {
        this.#broken = this.#transaction.isOpen;
      },
    );
  }

  get facts(): SessionFacts {
    return sessionFacts(this.login, this.processId, this.#transaction.depth, this.#options.lockTimeoutMs);
  }

  /** Calls a procedure. @throws SqlServerError | EmulatorError */
  call(procedure: string, given: readonly Argument[], sink: ResultSink): Promise<void> {
    const { files, flow, routines } = this.services;
    const { database, postgresDatabase, role } = this.login;
    return traceCall(flow, this.login, procedure, given, async () => {
      const name = parseProcedureName(procedure, database);
      if (name === undefined) throw noSuchProcedure(procedure);
      await this.#request(sink, async (client) => {
        const routine = await routines.find(client, postgresDatabase, name, procedure);
        const statement = callStatement(routine, given);
        const aborts = this.#options.xactAbort || files.abortsTransaction(name);
        await this.#work(client, aborts, sink, () =>
          callRoutine(client, routine, statement, { role, inTransaction: this.#transaction.isOpen }, sink),
        );
      });
    });
  }

  /** Whether the database has that procedure. @throws SqlServerError 40515 for another database */
  async has(procedure: string): Promise<boolean> {
    const { database, postgresDatabase } = this.login;
    const name = parseProcedureName(procedure, database);
    if (name === undefined) return false;
    const look = (client: ClientBase) =>
      this.services.routines.find(client, postgresDatabase, name, procedure);
    return this.#request(discard, look).then(
      () => true,
      (error) => {
        if (error instanceof SqlServerError && error.number === 2812) return false;
        throw error;
      },
    );
  }

  /** Runs the twin of a file. @throws SqlServerError | EmulatorError QT6105 */
  file(file: StatementFile, sink: ResultSink): Promise<void> {
    return this.#request(sink, async (client) => {
      const text = await file.twin();
      const { xactAbort } = this.#options;
      await this.#work(client, xactAbort, sink, () =>
        runRows(client, { text }, recordsets(sink)).finally(() => this.#forget()),
      );
    });
  }

  /** @param isolation undefined for the session's; @param name empty if it has none */
  begin(isolation: IsolationLevel | undefined, name: string, sink: ResultSink): Promise<void> {
    return this.#request(sink, (client) =>
      this.#transaction.begin(client, isolation ?? this.#options.isolation, name, sink),
    );
  }

  commit(sink: ResultSink): Promise<void> {
    return this.#request(sink, (client) => this.#transaction.commit(client, sink)).finally(() =>
      this.#forget(),
    );
  }

  /** @param name a savepoint or the transaction; empty for the transaction @throws SqlServerError 3903 or 6401 */
  rollback(name: string, sink: ResultSink): Promise<void> {
    return this.#request(sink, (client) => this.#rollback(client, name, sink));
  }

  /** @throws SqlServerError 628 */
  save(name: string, sink: ResultSink): Promise<void> {
    return this.#request(sink, (client) => this.#transaction.save(client, name));
  }

  /** @throws EmulatorError QT6101 for a level that the open transaction cannot get any more */
  async set(change: SetOption): Promise<void> {
    if (change.option === "isolation" && this.#transaction.isOpen) this.#checkLevel(change.level);
    this.#options.set(change);
    if (change.option === "isolation" || change.option === "lock_timeout")
      await this.#request(discard, (client) => this.#applyOptions(client, true));
  }

  /**
   * Runs a dynamic text, after which every option is as it was before.
   * @see https://learn.microsoft.com/sql/t-sql/statements/set-statements-transact-sql#considerations-when-you-use-the-set-statements
   */
  async dynamically(work: () => Promise<void>): Promise<void> {
    const before = this.#options.copy();
    try {
      await work();
    } finally {
      const changed = before.statement !== this.#options.statement;
      this.#options = before;
      // Also after a cancellation, which would end a request.
      if (changed && !this.#broken) await this.#applyOptions(await this.#connection.lease(), true);
    }
  }

  /** BEGIN TRANSACTION as text: under IMPLICIT_TRANSACTIONS it is the second one. */
  async beginByText(name: string, sink: ResultSink): Promise<void> {
    if (this.#options.implicitTransactions && !this.#transaction.isOpen)
      await this.begin(undefined, "", sink);
    await this.begin(undefined, name, sink);
  }

  /** Runs work that is neither a call nor a text on the session's connection. */
  use<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    return this.#request(discard, (client) =>
      this.#connection.interruptibly(client, this.#transaction.isOpen, () => work(client)),
    );
  }

  /** Cancels the running request (PostgreSQL's 57014), and every request until `cancellationDone`. */
  cancel(): void {
    this.#connection.cancel();
  }

  cancellationDone(): void {
    this.#connection.cancellationDone();
  }

  /** Makes the session like a new connection: no session state, and with `everything` no transaction. */
  async reset(extent: ResetExtent): Promise<void> {
    this.#options = new SessionOptions();
    if (extent === "keep transaction" && this.#transaction.isOpen) {
      // A lost connection is reported by the next request.
      if (!this.#broken) await this.#connection.forgetState();
      return;
    }
    await this.#connection.giveBack(this.#sink === undefined);
    this.#broken = false;
    this.#transaction.forget();
  }

  /** Returns the connection for good; an open transaction is rolled back. */
  close(): Promise<void> {
    return this.#connection.close(this.#sink === undefined);
  }

  async #request<T>(sink: ResultSink, work: (client: ClientBase) => Promise<T>): Promise<T> {
    if (this.#broken)
      throw new SqlServerError(50_000, "The connection to PostgreSQL was lost within the transaction.", {
        class: 20,
      });
    const client = await this.#connection.lease();
    this.#sink = sink;
    sink.counted = !this.#options.noCount;
    try {
      this.#connection.throwIfCancelled();
      return await work(client);
    } finally {
      this.#sink = undefined;
    }
  }

  /**
   * Runs a procedure or a file. After an error within a transaction, XACT_ABORT rolls back the transaction; otherwise only the
   * failed work is undone, and the transaction goes on, also after a cancellation.
   * @param aborts whether XACT_ABORT is on, for the session or in the procedure
   * @see https://learn.microsoft.com/sql/t-sql/statements/set-xact-abort-transact-sql
   */
  async #work(
    client: ClientBase,
    aborts: boolean,
    sink: ResultSink,
    work: () => Promise<void>,
  ): Promise<void> {
    const transaction = this.#transaction;
    if (this.#options.implicitTransactions && !transaction.isOpen)
      await transaction.begin(client, this.#options.isolation, "", sink);
    const inTransaction = transaction.isOpen;
    const guarded = inTransaction && !aborts;
    if (guarded) await client.query("savepoint work");
    try {
      await this.#connection.interruptibly(client, inTransaction, work);
    } catch (error) {
      const explained = await this.#explain(error);
      if (inTransaction && this.#connection.has(client)) {
        if (guarded && !endsTransaction(explained))
          await client.query("rollback to savepoint work; release savepoint work");
        else await this.#rollback(client, "", sink);
      }
      throw explained;
    }
    if (guarded) await client.query("release savepoint work");
  }

  #explain(error: unknown): Promise<unknown> {
    const { database, postgresDatabase } = this.login;
    const snapshot = this.#transaction.isOpen && this.#transaction.level === "snapshot";
    return explainError(error, this.services.databases.pool(postgresDatabase), { database, snapshot });
  }

  async #rollback(client: ClientBase, name: string, sink: ResultSink): Promise<void> {
    try {
      await this.#transaction.rollback(client, name, sink);
    } finally {
      this.#forget();
    }
    // A rollback takes back PostgreSQL's settings too, but not SQL Server's.
    await this.#applyOptions(client);
  }

  async #applyOptions(client: ClientBase, always = false): Promise<void> {
    const { statement } = this.#options;
    if (statement !== undefined) await client.query(statement);
    else if (always) await client.query("reset lock_timeout; reset default_transaction_isolation");
  }

  /** PostgreSQL cannot change the level of a transaction that has begun. */
  #checkLevel(level: IsolationLevel): void {
    if (postgresLevel[level] === postgresLevel[this.#transaction.level]) return;
    const statement = `SET TRANSACTION ISOLATION LEVEL ${level.toUpperCase()} within a transaction`;
    throw new EmulatorError("QT6101", { statement });
  }

  /** Procedures may have been created, changed or dropped. */
  #forget(): void {
    this.services.routines.forget(this.login.postgresDatabase);
  }
}
