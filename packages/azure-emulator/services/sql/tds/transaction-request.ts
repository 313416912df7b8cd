import { ByteReader } from "./byte-reader";
import { ProtocolError } from "./protocol";
import { skipHeaders } from "./rpc-request";

export type IsolationLevel = "read committed" | "repeatable read" | "serializable";

/** A request to the transaction manager (packet type 14). */
export type TransactionRequest =
  | { readonly operation: "begin"; readonly isolation: IsolationLevel | undefined }
  | {
      readonly operation: "commit" | "rollback" | "save";
      readonly thenBegin: boolean;
    };

const operations: Readonly<Record<number, "commit" | "rollback" | "save">> = {
  7: "commit",
  8: "rollback",
  9: "save",
};

/** SQL Server's levels as PostgreSQL's; PostgreSQL's repeatable read is a snapshot. */
const levels: Readonly<Record<number, IsolationLevel>> = {
  1: "read committed",
  2: "read committed",
  3: "repeatable read",
  4: "serializable",
  5: "repeatable read",
};

/** @throws ProtocolError */
export function parseTransactionRequest(body: Buffer): TransactionRequest {
  const reader = new ByteReader(body);
  skipHeaders(reader);
  const code = reader.u16();
  if (code === 5) return { operation: "begin", isolation: levels[reader.u8()] };
  const operation = operations[code];
  if (operation === undefined) throw new ProtocolError(`transaction manager request ${code}`);
  // The name, with its length in bytes. It is not used, because there are no savepoints.
  if (!reader.done) reader.skip(reader.u8());
  const thenBegin = operation !== "save" && !reader.done && (reader.u8() & 1) === 1;
  return { operation, thenBegin };
}
