import assert from "node:assert/strict";
import { mock } from "node:test";
import { exchange } from "./http";

describe("an HTTP exchange", () => {
  afterEach(() => mock.restoreAll());

  it("answers status and text", async () => {
    // node-fetch answers it without a server.
    assert.deepEqual(await exchange("data:text/plain,caf%C3%A9"), { status: 200, text: "café" });
  });

  it("is given up after 20 s", async () => {
    const timeout = mock.method(AbortSignal, "timeout", () => AbortSignal.abort());
    await assert.rejects(exchange("http://127.0.0.1/"), { name: "AbortError" });
    assert.deepEqual(timeout.mock.calls[0]?.arguments, [20_000]);
  });
});
