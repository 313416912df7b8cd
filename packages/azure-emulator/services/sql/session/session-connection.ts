import { type ClientBase, escapeIdentifier, type PoolClient } from "pg";
import type { Databases } from "../postgres/databases";
import { Interruption } from "./interruption";
import type { PostgresLogin } from "./postgres-login";
import { SqlServerError } from "./sql-server-error";

type LeasedClient = PoolClient & { readonly processID: number };

/** DISCARD ALL, in its parts that a transaction allows. The role is kept. */
const forgetState =
  "close all; reset all; deallocate all; select pg_advisory_unlock_all(); discard plans; discard temp";

/** A session's connection to PostgreSQL: taken from the pool when it is first needed, and given back clean. */
export class SessionConnection {
  #client: LeasedClient | undefined;
  #closed = false;
  #cancelled = false;
  /** The statement that runs may be cancelled. */
  #interruptible = false;
  #interruption: Interruption | undefined;

  /**
   * @param prepare runs on each new connection
   * @param onNotice the messages of explicit RAISE statements
   * @param onLost the connection ended by itself
   */
  constructor(
    readonly databases: Databases,
    readonly login: PostgresLogin,
    readonly prepare: (client: ClientBase) => Promise<void>,
    readonly onNotice: (message: string) => void,
    readonly onLost: () => void,
  ) {}

  /** Whether this is still the session's connection: a lost one is replaced. */
  has(client: ClientBase): boolean {
    return this.#client === client;
  }

  async lease(): Promise<ClientBase> {
    if (this.#client !== undefined) return this.#client;
    const { postgresDatabase, role } = this.login;
    const client = (await this.databases.pool(postgresDatabase).connect()) as LeasedClient;
    try {
      if (role !== undefined) await client.query(`set role ${escapeIdentifier(role)}`);
      await this.prepare(client);
      // The session was closed meanwhile, so nobody would return the connection.
      if (this.#closed) throw new SqlServerError(50_000, "The session has been closed.", { class: 20 });
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
    client.on("error", this.#lost);
    // Only explicit RAISE messages: PostgreSQL's own notices mean nothing to a T-SQL client.
    client.on(
      "notice",
      (notice) => notice.routine === "exec_stmt_raise" && this.onNotice(notice.message ?? ""),
    );
    this.#client = client;
    return client;
  }

  /**
   * Runs statements that a cancellation ends. Resolves when no cancellation is under way any more, so that none can hit what
   * comes next, and leaves no transaction open that was not open before.
   */
  async interruptibly<T>(client: ClientBase, inTransaction: boolean, work: () => Promise<T>): Promise<T> {
    this.throwIfCancelled();
    this.#interruptible = true;
    try {
      return await work();
    } finally {
      this.#interruptible = false;
      await this.#interruption?.end();
      this.#interruption = undefined;
      if (!inTransaction && this.has(client) && client.getTransactionStatus() !== "I")
        await client.query("rollback");
    }
  }

  /** @throws SqlServerError 3617 */
  throwIfCancelled(): void {
    if (this.#cancelled) throw new SqlServerError(3617, "The query was canceled.");
  }

  /** Cancels what runs interruptibly, and all that would until `cancellationDone`. */
  cancel(): void {
    this.#cancelled = true;
    const pid = this.#client?.processID;
    if (!this.#interruptible || pid === undefined) return;
    const admin = this.databases.pool("postgres");
    this.#interruption ??= new Interruption(() => admin.query("select pg_cancel_backend($1)", [pid]));
  }

  cancellationDone(): void {
    this.#cancelled = false;
  }

  /** Ends all state but the open transaction. */
  async forgetState(): Promise<void> {
    await this.#client?.query(forgetState);
  }

  /** @param idle false in the middle of a request: then the connection is dropped */
  async giveBack(idle: boolean): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    client.removeAllListeners("notice");
    try {
      if (!idle) throw new Error("closed in the middle of a request");
      if (client.getTransactionStatus() !== "I") await client.query("rollback");
      await client.query("discard all");
      client.off("error", this.#lost);
      client.release();
    } catch (error) {
      client.release(error as Error);
    }
  }

  /** Gives it back for good. */
  close(idle: boolean): Promise<void> {
    this.#closed = true;
    return this.giveBack(idle);
  }

  readonly #lost = (): void => {
    const client = this.#client;
    this.#client = undefined;
    this.onLost();
    client?.release(true);
  };
}
