import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import tls from "node:tls";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../packages/azure-emulator/control-plane/testing/test-emulator";
import { bordereau } from "../../sample-data/columns";
import { snapshot } from "../../sample-data/snapshot";
import { createQuantemplate } from ".";
import { createDeliveries } from "./deliveries";

const secret = "s3cret-of-org";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Frees what nobody holds. V8 frees buffers on a thread of its own, which may be late; the second call waits for it. */
function collectGarbage(): void {
  gc();
  gc();
}

/** A subscriber with answers set by the test. */
async function startSubscriber() {
  const received: { body: string; type: string | undefined }[] = [];
  const answers: number[] = [];
  let onReceive = () => {};
  const server = http.createServer(async (request, response) => {
    received.push({ body: await text(request), type: request.headers["content-type"] });
    const status = answers.shift() ?? 202;
    if (status === 0) request.socket.destroy();
    else response.writeHead(status, { "content-type": "application/json" }).end('{"JobIds":["job-1"]}');
    onReceive();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks?token=hidden-token`,
    received,
    answers,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        onReceive = () => received.length >= count && resolve();
        onReceive();
      }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

describe("Quantemplate", () => {
  let emulator: TestEmulator;
  let subscriber: Awaited<ReturnType<typeof startSubscriber>>;
  let base: string;
  let admin: string;

  const send = (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const signIn = (fields: Record<string, string>) =>
    fetch(`${base}/auth/realms/qt/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams(fields),
    });
  const token = async (clientId = "client", clientSecret = secret): Promise<string> => {
    const reply = await signIn({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
    });
    return ((await reply.json()) as { access_token: string }).access_token;
  };
  const download = async (id: string, bearer?: string, headers: Record<string, string> = {}) =>
    fetch(`${base}/v1/organisations/org/datasets/${id}`, {
      headers: { authorization: `Bearer ${bearer ?? (await token())}`, ...headers },
    });
  const put = async (id: string, csv: string, query = "?event=false") => {
    const reply = await send("PUT", `${admin}/datasets/${id}${query}`, csv, { "content-type": "text/csv" });
    assert.equal(reply.status, 200);
    return (await reply.json()) as { eventId: string; bytes: number; delivered: Record<string, unknown>[] };
  };

  before(async () => {
    emulator = await startTestEmulator((context) => [
      createQuantemplate(context, { pauses: [1, 1, 1], timeoutMs: 60_000 }),
    ]);
    tls.setDefaultCACertificates([...tls.getCACertificates(), emulator.context.certificates.ca]);
    base = `${emulator.context.httpUrl}/quantemplate`;
    admin = `${base}/admin/organisations/org`;
    await send("PUT", admin, { clientId: "client", clientSecret: secret });
    await send("PUT", `${base}/admin/organisations/other`, { clientId: "other-client", clientSecret: "x" });
    subscriber = await startSubscriber();
  });
  after(async () => {
    await subscriber?.close();
    await emulator?.stop();
  });
  beforeEach(async () => {
    subscriber.received.length = 0;
    subscriber.answers.length = 0;
    await send("DELETE", `${admin}/faults`);
    await send("PUT", `${admin}/subscriptions`, { url: subscriber.url });
  });

  it("signs in as Keycloak does", async () => {
    const good = await signIn({
      grant_type: "client_credentials",
      client_id: "client",
      client_secret: secret,
    });
    const { access_token, expires_in, token_type } = (await good.json()) as Record<string, unknown>;
    assert.deepEqual([typeof access_token, expires_in, token_type], ["string", 300, "Bearer"]);
    for (const [fields, status, error] of [
      [
        { grant_type: "client_credentials", client_id: "client", client_secret: "wrong" },
        401,
        "invalid_client",
      ],
      [
        { grant_type: "client_credentials", client_id: "nobody", client_secret: secret },
        401,
        "invalid_client",
      ],
      [{ grant_type: "password" }, 400, "unsupported_grant_type"],
      [{}, 400, "invalid_request"],
    ] as const) {
      const reply = await signIn(fields);
      const answer = (await reply.json()) as { error: string };
      assert.deepEqual([reply.status, answer.error], [status, error]);
    }
  });

  it("streams a dataset as UTF-8 CSV and returns the trace id", async () => {
    await put("d-1", 'a,b\r\n1,"ü\n✅"\r\n');
    const reply = await download("d-1", undefined, { "x-qt-trace-id": "trace-7" });
    assert.deepEqual(
      [reply.status, reply.headers.get("content-type"), reply.headers.get("x-qt-trace-id")],
      [200, "text/csv; charset=utf-8", "trace-7"],
    );
    assert.equal(await reply.text(), 'a,b\r\n1,"ü\n✅"\r\n');
  });

  it("serves each version by its number, the latest without one, and 404 for one that is not there", async () => {
    for (const csv of ["a\r\none\r\n", "a\r\ntwo\r\n", "a\r\nthree\r\n"]) await put("d-versions", csv);
    const content = async (query: string) => (await download(`d-versions${query}`)).text();
    assert.equal(await content("?version=1"), "a\r\none\r\n");
    assert.equal(await content("?version=2"), "a\r\ntwo\r\n");
    assert.equal(await content("?version=3"), await content(""));
    await send("DELETE", `${admin}/datasets/d-versions/versions/2`);
    assert.equal((await send("DELETE", `${admin}/datasets/d-versions/versions/3`)).status, 409);
    for (const version of ["2", "4", "0", "x"]) {
      const reply = await download(`d-versions?version=${version}`);
      assert.equal(reply.status, 404);
      const { message } = (await reply.json()) as { message: string };
      assert.equal(message, `Version ${version} of dataset d-versions not found.`);
    }
    assert.equal(
      await content("?version=3"),
      "a\r\nthree\r\n",
      "the latest stays, so that no other content gets its number",
    );
    assert.equal(await content("?version=1"), "a\r\none\r\n");
  });

  it("answers 204, 401, 403 and 404 as documented", async () => {
    await put("d-empty", "");
    assert.equal((await download("d-empty")).status, 204);
    const without = await download("d-empty", "wrong");
    assert.deepEqual(
      [without.status, without.headers.get("content-type")],
      [401, "text/plain; charset=utf-8"],
    );
    assert.equal((await download("d-empty", await token("other-client", "x"))).status, 403);
    const missing = await download("d-none");
    assert.equal(missing.status, 404);
    assert.match(missing.headers.get("content-type") ?? "", /application\/json/);
    assert.ok(missing.headers.get("x-qt-trace-id"));
  });

  it("sends DatasetUpdated after a PUT, with the fields of the documentation, and reports the recipients", async () => {
    const { eventId, bytes, delivered } = await put("d-1", "a\r\n1\r\n", "");
    assert.equal(bytes, 6);
    const [{ body, type } = { body: "", type: "" }] = subscriber.received;
    assert.equal(type, "application/json");
    const { created, ...event } = JSON.parse(body);
    assert.deepEqual(event, {
      id: eventId,
      name: "DatasetUpdated",
      payload: { datasetId: "d-1", eventName: "DatasetUpdated" },
    });
    assert.equal(new Date(created).toISOString(), created);
    const url = subscriber.url.replace("hidden-token", "***");
    assert.deepEqual(delivered, [{ url, retrying: false, status: 202, jobIds: ["job-1"] }]);
  });

  it("sends no event if the caller asks for none", async () => {
    assert.deepEqual(await put("d-1", "a\r\n1\r\n"), { eventId: null, bytes: 6, delivered: [] });
    assert.equal(subscriber.received.length, 0);
  });

  it("repeats a delivery that got no answer, and answers the PUT after the first attempt", async () => {
    subscriber.answers.push(500, 0);
    const { delivered } = await put("d-1", "a\r\n1\r\n", "");
    assert.deepEqual([delivered[0]?.status, delivered[0]?.retrying], [500, true]);
    await subscriber.until(3);
    assert.equal(new Set(subscriber.received.map(({ body }) => body)).size, 1, "the same event each time");
  });

  it("does not repeat a delivery that was permanently refused", async () => {
    subscriber.answers.push(400);
    const { delivered } = await put("d-1", "a\r\n1\r\n", "");
    assert.deepEqual([delivered[0]?.status, delivered[0]?.retrying], [400, false]);
  });

  it("sends any event body as it is", async () => {
    for (const body of ['{"name":"PipelineCompleted"}', "{broken", ""]) {
      const reply = await send("POST", `${admin}/events`, body, { "content-type": "application/json" });
      assert.equal(reply.status, 200);
      assert.equal(subscriber.received.at(-1)?.body, body);
    }
  });

  it("never shows a webhook's token in the flow", () => {
    assert.doesNotMatch(JSON.stringify(emulator.context.flow.recent(1000)), /hidden-token|s3cret/);
  });

  describe("faults", () => {
    const csv = `a,b\r\n${"1,2\r\n".repeat(50_000)}`;
    const plan = async (fault: unknown) =>
      assert.equal((await send("POST", `${admin}/faults`, fault)).status, 201);
    before(() => put("d-fault", csv));

    it("answer with a status as many times as asked, then with data again", async () => {
      await plan({ status: 429, times: 2, retryAfterSeconds: 3 });
      const first = await download("d-fault");
      assert.deepEqual([first.status, first.headers.get("retry-after")], [429, "3"]);
      assert.equal((await download("d-fault")).status, 429);
      assert.equal(await (await download("d-fault")).text(), csv);
    });

    it("cut the connection after the requested number of bytes", async () => {
      await plan({ cutAfterBytes: 100_000 });
      const reply = await download("d-fault");
      let bytes = 0;
      await assert.rejects(async () => {
        for await (const chunk of reply.body ?? []) bytes += chunk.length;
      }, /terminated/);
      assert.equal(bytes, 100_000);
    });

    it("send malformed CSV", async () => {
      for (const [malformed, end] of [
        ["quote", /2\r\n"a quote that never closes,1\r\n$/],
        ["columns", /2\r\n,,,,,x\r\n$/],
        ["html", /^<!doctype html>/],
      ] as const) {
        await plan({ malformed });
        assert.match(await (await download("d-fault")).text(), end);
      }
      await plan({ malformed: "utf8" });
      const bytes = Buffer.from(await (await download("d-fault")).arrayBuffer());
      assert.throws(() => new TextDecoder("utf8", { fatal: true }).decode(bytes));
    });

    it("break signing in, or one dataset only", async () => {
      await plan({ target: "token", status: 500 });
      assert.equal(
        (await signIn({ grant_type: "client_credentials", client_id: "client", client_secret: secret }))
          .status,
        500,
      );
      await plan({ dataset: "d-fault", status: 404 });
      assert.equal((await download("d-1")).status, 200);
      assert.equal((await download("d-fault")).status, 404);
    });

    it("delay, then answer normally", async () => {
      await plan({ delayMs: 1 });
      assert.equal(await (await download("d-fault")).text(), csv);
    });

    it("are refused if they are misspelt", async () => {
      const reply = await send("POST", `${admin}/faults`, { cutAfterByte: 1 });
      assert.equal(reply.status, 400);
      assert.match(await reply.text(), /cutAfterByte/);
    });
  });

  it("refuses ids that are not file names", async () => {
    for (const id of ["..%2Fx", "a%20b", ".hidden"]) {
      assert.equal((await send("PUT", `${admin}/datasets/${id}`, "x")).status, 400, id);
    }
  });

  it("keeps the old data if an upload breaks off", async () => {
    await put("d-cut", "a\r\nold\r\n");
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from("a\r\nnew"));
        controller.error(new Error("cut"));
      },
    });
    await assert.rejects(
      fetch(`${admin}/datasets/d-cut`, { method: "PUT", body, duplex: "half" } as RequestInit),
    );
    assert.equal(await (await download("d-cut")).text(), "a\r\nold\r\n");
  });

  it("keeps clients, data, tokens and undelivered events across a restart", async () => {
    await put("d-kept", "a\r\nkept\r\n");
    const issued = await token();
    const again = await startSubscriber();
    again.answers.push(0);
    const context = emulator.context;
    const patient = createQuantemplate(context, { pauses: [60_000] });
    await send("PUT", `${admin}/subscriptions`, { url: again.url });
    await patient.stop?.();
    // The outbox holds an event whose delivery never ended.
    const { post } = createDeliveries(`${context.folder}/quantemplate`, context.flow);
    post([again.url], '{"id":"left-over","name":"DatasetUpdated"}');
    const restarted = createQuantemplate(context, { pauses: [1, 1] });
    await restarted.start?.();
    await again.until(2);
    assert.deepEqual(
      again.received.map(({ body }) => JSON.parse(body).id),
      ["left-over", "left-over"],
    );
    await restarted.stop?.();
    await again.close();
    assert.equal(await (await download("d-kept", issued)).text(), "a\r\nkept\r\n");
  });

  it("streams 100 MB both ways in bounded memory", async () => {
    const made = snapshot(bordereau, { seed: 1, rows: 350_000, generation: 0 });
    let [passed, looked, peak] = [0, 0, 0];
    collectGarbage();
    // Memory still held by earlier suites in this process does not count.
    const before = process.memoryUsage().arrayBuffers;
    /** Bytes in live buffers, sampled every few megabytes. */
    const look = (chunk: Uint8Array) => {
      passed += chunk.length;
      if (passed - looked < 20_000_000) return;
      looked = passed;
      collectGarbage();
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    };
    async function* watch(stream: Readable) {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        look(chunk);
        yield chunk;
      }
    }
    // Not fetch: it buffers a body faster than the server reads it.
    const request = http.request(`${admin}/datasets/d-large?event=false`, { method: "PUT" });
    const [[response]] = await Promise.all([once(request, "response"), pipeline(watch(made.csv()), request)]);
    const { bytes } = JSON.parse(await text(response)) as { bytes: number };
    assert.ok(bytes > 100_000_000);
    let back = 0;
    for await (const chunk of (await download("d-large")).body ?? []) {
      back += chunk.length;
      look(chunk);
    }
    assert.equal(back, bytes);
    assert.ok(peak < bytes / 2, `${Math.round(peak / 1024 / 1024)} MB of buffers`);
  });
});
