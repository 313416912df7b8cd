import type { ClientBase } from "pg";
import { type IsolationLevel, postgresLevel } from "../language/isolation-level";
import type { ResultSink } from "./result-sink";
import { SqlServerError } from "./sql-server-error";

let lastDescriptor = 0n;

/**
 * The transaction of a session, with T-SQL's nesting: only the outermost COMMIT commits, and a ROLLBACK ends the whole transaction
 * unless it names a savepoint. Names are compared with case.
 * @see https://learn.microsoft.com/sql/t-sql/language-elements/rollback-transaction-transact-sql
 */
export class Transaction {
  #depth = 0;
  #descriptor = 0n;
  #name = "";
  #level: IsolationLevel = "read committed";
  /** Names of savepoints, oldest first; two may have the same name. */
  #savepoints: string[] = [];

  /** @@TRANCOUNT */
  get depth(): number {
    return this.#depth;
  }

  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** The level of the open transaction. */
  get level(): IsolationLevel {
    return this.#level;
  }

  async begin(client: ClientBase, level: IsolationLevel, name: string, sink: ResultSink): Promise<void> {
    if (this.#depth === 0) {
      await client.query(`begin isolation level ${postgresLevel[level]}`);
      this.#descriptor = ++lastDescriptor;
      this.#name = name;
      this.#level = level;
      this.#savepoints = [];
      sink.transaction("begin", this.#descriptor);
    }
    this.#depth++;
  }

  /**
   * A commit that fails ends the transaction without first reporting that to the client, because mssql breaks on it.
   * @throws SqlServerError 3902 if none is open
   */
  async commit(client: ClientBase, sink: ResultSink): Promise<void> {
    if (this.#depth === 0) {
      throw new SqlServerError(
        3902,
        "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.",
      );
    }
    this.#depth--;
    if (this.#depth > 0) return;
    await client.query("commit");
    sink.transaction("commit", this.#descriptor);
  }

  /** @throws SqlServerError 628 if none is open */
  async save(client: ClientBase, name: string): Promise<void> {
    if (this.#depth === 0)
      throw new SqlServerError(628, "Cannot issue SAVE TRANSACTION when there is no active transaction.");
    await client.query(`savepoint ${savepoint(this.#savepoints.length)}`);
    this.#savepoints.push(name);
  }

  /**
   * @param name a savepoint, or the outermost transaction; empty for the latter
   * @throws SqlServerError 3903 if none is open, 6401 if there is no such name: the transaction is as it was
   */
  async rollback(client: ClientBase, name: string, sink: ResultSink): Promise<void> {
    if (this.#depth === 0) {
      throw new SqlServerError(
        3903,
        "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.",
      );
    }
    const index = name === "" ? -1 : this.#savepoints.lastIndexOf(name);
    if (index >= 0) {
      await client.query(`rollback to savepoint ${savepoint(index)}`);
      this.#savepoints.length = index + 1;
      return;
    }
    if (name !== "" && name !== this.#name)
      throw new SqlServerError(
        6401,
        `Cannot roll back ${name}. No transaction or savepoint of that name was found.`,
      );
    this.#depth = 0;
    await client.query("rollback");
    sink.transaction("rollback", this.#descriptor);
  }

  /** The connection is gone, and so is its transaction. */
  forget(): void {
    this.#depth = 0;
  }
}

/** Its name in PostgreSQL, which has shorter names than SQL Server. */
const savepoint = (index: number): string => `saved_${index}`;
