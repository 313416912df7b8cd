import type { ClientBase } from "pg";
import type { IsolationLevel } from "../tds/transaction-request";
import type { ResultSink } from "./result-sink";
import { SqlServerError } from "./sql-server-error";

let lastDescriptor = 0n;

/** The transaction of a session, with T-SQL's nesting: only the outermost COMMIT commits, any ROLLBACK ends the whole transaction. */
export class Transaction {
  #depth = 0;
  #descriptor = 0n;

  get isOpen(): boolean {
    return this.#depth > 0;
  }

  async begin(client: ClientBase, isolation: IsolationLevel | undefined, sink: ResultSink): Promise<void> {
    if (this.#depth === 0) {
      await client.query(isolation ? `begin isolation level ${isolation}` : "begin");
      this.#descriptor = ++lastDescriptor;
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

  /** @throws SqlServerError 3903 if none is open */
  async rollback(client: ClientBase, sink: ResultSink): Promise<void> {
    if (this.#depth === 0) {
      throw new SqlServerError(
        3903,
        "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.",
      );
    }
    this.#depth = 0;
    await client.query("rollback");
    sink.transaction("rollback", this.#descriptor);
  }

  /** The connection is gone, and so is its transaction. */
  forget(): void {
    this.#depth = 0;
  }
}
