import assert from "node:assert/strict";
import { BufferResponse } from "./buffer-response";

describe("a response made of a buffer", () => {
  const headers = { "content-type": "application/json" };

  it("has the status, the headers and exactly the bytes", async () => {
    for (const body of [
      Buffer.from(`{"a":"é"}`),
      Buffer.alloc(0),
      Buffer.alloc(100_000, "x").subarray(1, 99_999),
    ]) {
      const response = new BufferResponse({ status: 200, headers, body });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), body);
    }
  });

  it("does not copy a page", async () => {
    const body = Buffer.concat([Buffer.alloc(100_000, "a"), Buffer.alloc(100_000, "b")]);
    assert.equal(await new BufferResponse({ status: 200, headers, body }).arrayBuffer(), body.buffer);
  });
});
