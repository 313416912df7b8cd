import assert from "node:assert/strict";
import { Transaction } from "tedious/lib/transaction";
import { ProtocolError } from "./protocol";
import { parseTransactionRequest } from "./transaction-request";

const descriptor = Buffer.alloc(8);

function bytes(payload: Iterable<Buffer>): Buffer {
  return Buffer.concat([...payload]);
}

describe("transaction requests", () => {
  it("reads a begin and maps its isolation level to PostgreSQL's", () => {
    for (const [level, expected] of [
      [0, undefined],
      [2, "read committed"],
      [3, "repeatable read"],
      [4, "serializable"],
      [5, "repeatable read"],
    ] as const) {
      const body = bytes(new Transaction("", level).beginPayload(descriptor));
      assert.deepEqual(parseTransactionRequest(body), { operation: "begin", isolation: expected });
    }
  });

  it("reads commit and rollback with their names", () => {
    const transaction = new Transaction("t1", 2);
    assert.deepEqual(parseTransactionRequest(bytes(transaction.commitPayload(descriptor))), {
      operation: "commit",
      thenBegin: false,
    });
    assert.equal(
      parseTransactionRequest(bytes(transaction.rollbackPayload(descriptor))).operation,
      "rollback",
    );
  });

  it("refuses unknown requests", () => {
    const body = bytes(new Transaction("", 2).beginPayload(descriptor));
    body.writeUInt16LE(99, 22);
    assert.throws(() => parseTransactionRequest(body), ProtocolError);
  });
});
