import assert from "node:assert/strict";
import { Transaction } from "tedious/lib/transaction";
import { ProtocolError } from "./protocol";
import { parseTransactionRequest } from "./transaction-request";

const descriptor = Buffer.alloc(8);

function bytes(payload: Iterable<Buffer>): Buffer {
  return Buffer.concat([...payload]);
}

describe("transaction requests", () => {
  it("reads a begin with its isolation level and its name", () => {
    for (const [level, isolation] of [
      [0, undefined],
      [1, "read uncommitted"],
      [2, "read committed"],
      [3, "repeatable read"],
      [4, "serializable"],
      [5, "snapshot"],
    ] as const) {
      const body = bytes(new Transaction("näme", level).beginPayload(descriptor));
      assert.deepEqual(parseTransactionRequest(body), { operation: "begin", isolation, name: "näme" });
    }
  });

  it("reads commit, rollback and save with their names", () => {
    const transaction = new Transaction("t1", 2);
    for (const operation of ["commit", "rollback"] as const)
      assert.deepEqual(parseTransactionRequest(bytes(transaction[`${operation}Payload`](descriptor))), {
        operation,
        name: "t1",
        next: undefined,
      });
    assert.deepEqual(parseTransactionRequest(bytes(transaction.savePayload(descriptor))), {
      operation: "save",
      name: "t1",
    });
  });

  it("reads a commit that begins the next transaction", () => {
    const commit = bytes(new Transaction("", 2).commitPayload(descriptor));
    // In place of its flags: begin another one, serializable, without a name.
    const body = Buffer.concat([commit.subarray(0, -1), Buffer.from([1, 4, 0])]);
    assert.deepEqual(parseTransactionRequest(body), {
      operation: "commit",
      name: "",
      next: { operation: "begin", isolation: "serializable", name: "" },
    });
  });

  it("refuses unknown requests", () => {
    const body = bytes(new Transaction("", 2).beginPayload(descriptor));
    body.writeUInt16LE(99, 22);
    assert.throws(() => parseTransactionRequest(body), ProtocolError);
  });
});
