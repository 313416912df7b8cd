import assert from "node:assert/strict";
import { once } from "node:events";
import http, { type IncomingMessage, type RequestListener } from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { makeCertificates } from "./certificates";
import { type DualServer, listenDual } from "./dual-server";

describe("dual server", () => {
  let certificates: Awaited<ReturnType<typeof makeCertificates>>;
  let server: DualServer | undefined;
  let port = 0;
  before(async () => {
    certificates = await makeCertificates();
  });
  afterEach(() => server?.close());

  const listen = async (handler: RequestListener) => {
    const probe = net.createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    port = (probe.address() as AddressInfo).port;
    await new Promise((resolve) => probe.close(resolve));
    server = await listenDual(port, certificates, handler);
  };
  const post = async (secure: boolean, body: Buffer): Promise<{ status: number; bytes: number }> => {
    const url = `${secure ? "https" : "http"}://127.0.0.1:${port}/`;
    const options = { method: "POST", ca: certificates.ca, agent: false as const };
    const request = secure ? https.request(url, options) : http.request(url, options);
    request.end(body);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) bytes += chunk.length;
    return { status: response.statusCode ?? 0, bytes };
  };
  const echo: RequestListener = (request, response) => void request.pipe(response);

  it("streams large bodies both ways, many at a time, over TLS and plain HTTP", async () => {
    await listen(echo);
    const body = Buffer.alloc(8 * 1024 * 1024, "x");
    const answers = await Promise.all([true, false, true, false].map((secure) => post(secure, body)));
    for (const answer of answers) assert.deepEqual(answer, { status: 200, bytes: body.length });
  });

  it("survives connections that send nothing, nonsense, or their first byte late", async () => {
    await listen(echo);
    const silent = net.connect(port, "127.0.0.1");
    await once(silent, "connect");
    silent.end();
    const nonsense = net.connect(port, "127.0.0.1");
    nonsense.write(Buffer.from([0x16, 0xff, 0xff, 0xff]));
    nonsense.resume().on("error", () => {});
    const late = net.connect(port, "127.0.0.1");
    await once(late, "connect");
    // Another exchange in between: the server has long seen the connection when its first byte comes.
    assert.equal((await post(true, Buffer.from("x"))).status, 200);
    late.write("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    const [answer] = (await once(late, "data")) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 200/);
    nonsense.destroy();
  });

  it("finishes a request under way when it closes, and accepts no other", async () => {
    let finish = () => {};
    const reached = new Promise<void>((resolve) => {
      void listen((_request, response) => {
        finish = () => response.end("done");
        resolve();
      }).then(async () => {
        underWay = post(false, Buffer.from("x"));
      });
    });
    let underWay: Promise<{ status: number; bytes: number }> | undefined;
    await reached;
    const closing = server?.close();
    await assert.rejects(post(false, Buffer.from("x")), /ECONNREFUSED|ECONNRESET/);
    finish();
    assert.deepEqual(await underWay, { status: 200, bytes: 4 });
    await closing;
  });
});
