import type { IsolationLevel } from "../language/isolation-level";
import { ByteReader } from "./byte-reader";
import { ProtocolError } from "./protocol";
import { skipHeaders } from "./rpc-request";

/** A request to the transaction manager (packet type 14); a name is empty if none is given (MS-TDS 2.2.6.9). */
export type TransactionRequest = Begin | Save | End;

interface Begin {
  readonly operation: "begin";
  /** Undefined: the session's. */
  readonly isolation: IsolationLevel | undefined;
  readonly name: string;
}

interface Save {
  readonly operation: "save";
  readonly name: string;
}

interface End {
  readonly operation: "commit" | "rollback";
  readonly name: string;
  /** The next transaction begins at once. */
  readonly next: Begin | undefined;
}

const operation = { begin: 5, commit: 7, rollback: 8, save: 9 } as const;
const beginsNext = 1;

const levels: Readonly<Record<number, IsolationLevel>> = {
  1: "read uncommitted",
  2: "read committed",
  3: "repeatable read",
  4: "serializable",
  5: "snapshot",
};

/** @throws ProtocolError */
export function parseTransactionRequest(body: Buffer): TransactionRequest {
  const reader = new ByteReader(body);
  skipHeaders(reader);
  const code = reader.u16();
  switch (code) {
    case operation.begin:
      return readBegin(reader);
    case operation.save:
      return { operation: "save", name: readName(reader) };
    case operation.commit:
    case operation.rollback: {
      const name = readName(reader);
      const more = !reader.done && (reader.u8() & beginsNext) !== 0;
      const end = code === operation.commit ? "commit" : "rollback";
      return { operation: end, name, next: more ? readBegin(reader) : undefined };
    }
    default:
      throw new ProtocolError(`transaction manager request ${code}`);
  }
}

function readBegin(reader: ByteReader): Begin {
  return { operation: "begin", isolation: levels[reader.u8()], name: readName(reader) };
}

/** A name after its length in bytes; a client may leave it out at the end. */
function readName(reader: ByteReader): string {
  return reader.done ? "" : reader.take(reader.u8()).toString("utf16le");
}
