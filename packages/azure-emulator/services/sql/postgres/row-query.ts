import type { Duplex } from "node:stream";
import type { ClientBase, Connection, FieldDef, Submittable } from "pg";

/** One statement with parameters, any text without parameters, or the rows of an open cursor. */
export type RowStatement =
  | { readonly text: string; readonly values?: readonly (string | null)[] }
  | { readonly cursor: string };

/** Receives rows as they arrive. */
export interface RowReceiver {
  /** A recordset begins. */
  fields(fields: readonly FieldDef[]): void;
  /** A row: the body of a DataRow message in text format (u16 count, then u32 length and bytes each) begins at `at`, ends before `end`. */
  row(bytes: Buffer, at: number, end: number): void;
  /** A statement ended; `tag` is PostgreSQL's, such as `SELECT 5` or `CREATE TABLE`. */
  complete(tag: string): void;
  /** Called after each piece: if it returns a promise, nothing more is read from PostgreSQL until it resolves. */
  pressure?(): Promise<void> | undefined;
}

/**
 * Runs a statement and passes on its rows as bytes: pg's parser would make a string of every cell.
 * The protocol's other messages still go through pg, which tracks its state by them.
 * @throws DatabaseError of pg, once the connection can be used again
 */
export function runRows(client: ClientBase, statement: RowStatement, receiver: RowReceiver): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new RowQuery(statement, receiver, (error) => (error ? reject(error) : resolve())));
  });
}

type Listener = (chunk: Buffer) => void;

const dataRow = 0x44;
const readyForQuery = 0x5a;
const headerLength = 5;

/** Length of the message with its header; Infinity if the header is incomplete. */
function messageLength(bytes: Buffer, at: number): number {
  return at + headerLength <= bytes.length ? 1 + bytes.readUInt32BE(at + 1) : Infinity;
}

class RowQuery implements Submittable {
  #stream: Duplex | undefined;
  #listeners: Listener[] = [];
  /** An incomplete message: only its first `#filled` bytes have arrived. */
  #partial: Buffer | undefined;
  #filled = 0;
  #error: Error | undefined;
  #settled = false;

  constructor(
    readonly statement: RowStatement,
    readonly receiver: RowReceiver,
    readonly done: (error?: Error) => void,
  ) {}

  submit(connection: Connection): void {
    const stream = connection.stream;
    this.#stream = stream;
    this.#listeners = stream.listeners("data") as Listener[];
    stream.removeAllListeners("data");
    stream.on("data", this.#onData);
    stream.cork();
    try {
      this.#send(connection);
    } finally {
      stream.uncork();
    }
  }

  #send(connection: Connection): void {
    const { statement } = this;
    if ("cursor" in statement) {
      // SQL cursors are portals of the same name: Execute streams the rows, while FETCH would first store all of them.
      connection.describe({ type: "P", name: statement.cursor }, true);
      connection.execute({ portal: statement.cursor }, true);
      connection.sync();
    } else if (statement.values === undefined) {
      connection.query(statement.text);
    } else {
      connection.parse({ name: "", text: statement.text, types: [] }, true);
      connection.bind({ values: [...statement.values] }, true);
      connection.describe({ type: "P", name: "" }, true);
      connection.execute({}, true);
      connection.sync();
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#consume(chunk);
    const wait = this.#settled ? undefined : this.receiver.pressure?.();
    if (wait === undefined) return;
    const stream = this.#stream;
    stream?.pause();
    void wait.finally(() => stream?.resume());
  };

  #consume(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#partial !== undefined) {
      const rest = this.#fill(this.#partial, chunk);
      if (rest === undefined) return;
      bytes = rest;
    }
    let at = 0;
    while (at < bytes.length) {
      const end = at + messageLength(bytes, at);
      if (end > bytes.length) {
        this.#keep(bytes.subarray(at));
        return;
      }
      this.#message(bytes, at, end);
      at = end;
    }
  }

  /** Completes the partial message; returns the bytes after it, or undefined if it is still incomplete. */
  #fill(partial: Buffer, chunk: Buffer): Buffer | undefined {
    const copied = chunk.copy(partial, this.#filled);
    this.#filled += copied;
    const rest = chunk.subarray(copied);
    if (this.#filled < partial.length) return undefined;
    if (partial.length < messageLength(partial, 0)) {
      // Only the header was expected so far, because the length was unknown.
      return this.#fill(this.#keep(partial), rest);
    }
    this.#partial = undefined;
    this.#message(partial, 0, partial.length);
    return rest;
  }

  #keep(start: Buffer): Buffer {
    this.#partial = Buffer.allocUnsafe(start.length < headerLength ? headerLength : messageLength(start, 0));
    this.#filled = start.copy(this.#partial);
    return this.#partial;
  }

  #message(bytes: Buffer, at: number, end: number): void {
    const type = bytes[at];
    if (type === dataRow) {
      this.#row(bytes, at + headerLength, end);
      return;
    }
    if (type === readyForQuery) this.#detach();
    const message = bytes.subarray(at, end);
    for (const listener of this.#listeners) listener(message);
  }

  #row(bytes: Buffer, at: number, end: number): void {
    if (this.#error !== undefined) return;
    try {
      this.receiver.row(bytes, at, end);
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
    }
  }

  /** A receiver that throws must not corrupt the connection's state: read on, call it no more, report its error at the end. */
  #receive(deliver: () => void): void {
    if (this.#error !== undefined) return;
    try {
      deliver();
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
    }
  }

  #detach(): void {
    this.#settled = true;
    const stream = this.#stream;
    if (stream === undefined) return;
    stream.off("data", this.#onData);
    for (const listener of this.#listeners) stream.on("data", listener);
  }

  // pg's client calls the methods below.

  handleRowDescription(message: { fields: FieldDef[] }): void {
    this.#receive(() => this.receiver.fields(message.fields));
  }

  handleCommandComplete(message: { text: string }): void {
    this.#receive(() => this.receiver.complete(message.text));
  }

  handleEmptyQuery(): void {
    this.#receive(() => this.receiver.complete(""));
  }

  handleCopyInResponse(connection: Connection & { sendCopyFail(message: string): void }): void {
    connection.sendCopyFail("COPY FROM STDIN is not possible here");
  }

  handleCopyData(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}

  handleReadyForQuery(): void {
    this.done(this.#error);
  }

  /** pg drops the query at its error; pg itself waits for ReadyForQuery before it sends the next one. */
  handleError(error: Error): void {
    this.done(this.#error ?? error);
  }
}
