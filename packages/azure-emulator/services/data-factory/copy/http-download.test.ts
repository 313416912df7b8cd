import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { type FakeWeb, startFakeWeb } from "../testing/fake-web";
import { download } from "./http-download";

describe("a download", () => {
  let server: FakeWeb;
  before(async () => {
    server = await startFakeWeb();
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

  it("keeps its failure if it breaks before it is read", async () => {
    server.answers.set("/cut", (_, response) => {
      response.writeHead(200, { "content-length": "99" });
      response.write("id\n", () => response.destroy());
    });
    const { csv, failure } = await start("/cut");
    await new Promise((closed) => csv.once("close", closed));
    assert.match(failure()?.message ?? "", /QT3107/);
    await assert.rejects(text(csv));
  });

  it("reports status, body and trace id of an error response, whatever the trace header's name", async () => {
    for (const header of ["trace-id", "x-shop-trace-id", "x-ms-request-id", "x-correlation-id"]) {
      server.answers.set("/refused", (_, response) => {
        response.writeHead(403, { [header]: "trace-7", "x-cache": "miss" }).end("not yours");
      });
      await assert.rejects(
        start("/refused"),
        /Code 403 .*Response: not yours\. Trace id: trace-7\. QT3102: /,
      );
    }
  });

  it("fails if the response does not start within the timeout", async () => {
    server.answers.set("/silent", () => undefined);
    await assert.rejects(start("/silent", 5), /no answer within 0\.005 s.*QT3108/);
  });
});
