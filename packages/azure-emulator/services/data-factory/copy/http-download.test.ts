import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { type FakeQuantemplate, startFakeQuantemplate } from "../testing/fake-quantemplate";
import { download } from "./http-download";

describe("a download", () => {
  let server: FakeQuantemplate;
  before(async () => {
    server = await startFakeQuantemplate();
  });
  after(() => server.close());

  const start = (path: string, requestTimeoutMs = 5000) =>
    download({
      url: `${server.url}${path}`,
      headers: {},
      requestTimeoutMs,
      signal: new AbortController().signal,
      fetch,
    });

  it("that breaks before anybody reads it keeps its failure and ends nothing else", async () => {
    server.answers.set("/cut", (_, response) => {
      response.writeHead(200, { "content-length": "99" });
      response.write("id\n", () => response.destroy());
    });
    const { csv, failure } = await start("/cut");
    await new Promise((closed) => csv.once("close", closed));
    assert.match(failure()?.message ?? "", /QT3107/);
    await assert.rejects(text(csv));
  });

  it("does not wait longer for an answer than it may", async () => {
    server.answers.set("/silent", () => undefined);
    await assert.rejects(start("/silent", 5), /no answer within 0\.005 s.*QT3108/);
  });
});
