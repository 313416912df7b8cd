import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import type { ClientBase, Connection } from "pg";
import { dataRow } from "../session/select";
import { runRows } from "./row-query";

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** A client whose server has already answered; `others` are the messages that pg's own listener sees. */
function fakeClient(answer: Buffer, cuts: readonly number[]) {
  const stream = new PassThrough();
  const others: string[] = [];
  stream.on("data", (bytes: Buffer) => others.push(String.fromCharCode(bytes[0] ?? 0)));
  const connection = { stream, query() {} } as unknown as Connection;
  const client = {
    query(submittable: { submit(connection: Connection): void; handleReadyForQuery(): void }) {
      submittable.submit(connection);
      const ends = [...cuts.map((at) => at % (answer.length + 1)).sort((a, b) => a - b), answer.length];
      for (const [index, end] of ends.entries()) stream.write(answer.subarray(ends[index - 1] ?? 0, end));
      stream.end();
      stream.once("end", () => submittable.handleReadyForQuery());
    },
  } as unknown as ClientBase;
  return { client, others, stream };
}

describe("runRows", () => {
  it("passes on every row whole, and everything else to pg, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 100 }), { maxLength: 20 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        async (values, cuts) => {
          const rows = values.map((value) => message("D", dataRow([value])));
          const answer = Buffer.concat([
            message("T", Buffer.alloc(2)),
            ...rows,
            message("C", Buffer.from("x\0")),
            message("Z", Buffer.from("I")),
          ]);
          const { client, others, stream } = fakeClient(answer, cuts);
          const read: string[] = [];
          await runRows(
            client,
            { text: "select" },
            {
              fields() {},
              complete() {},
              row: (bytes, at, end) => read.push(bytes.toString("utf8", at + 6, end)),
            },
          );
          assert.deepEqual(read, values);
          assert.deepEqual(others, ["T", "C", "Z"]);
          assert.equal(stream.listenerCount("data"), 1);
        },
      ),
    );
  });

  it("continues to read after a receiver throws, and reports its error at the end", async () => {
    const answer = Buffer.concat([message("D", dataRow(["a"])), message("Z", Buffer.from("I"))]);
    const { client, others } = fakeClient(answer, []);
    const receiver = {
      fields() {},
      complete() {},
      row() {
        throw new Error("full");
      },
    };
    await assert.rejects(runRows(client, { text: "select" }, receiver), /full/);
    assert.deepEqual(others, ["Z"]);
  });
});
