import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { armError, type FakeAnswer, type FakeArm, startFakeArm } from "../testing/fake-arm";
import { callArm } from "./arm-call";

const apiVersion = "2020-01-01";

describe("a call of Resource Manager that may pass", () => {
  /** Calls a server that gives the answers in turn, and then 200. */
  async function call(answers: readonly FakeAnswer[], repeat?: false) {
    const arm = await startFakeArm((_call, before) => answers[before.length] ?? { json: { done: true } });
    const pauses: number[] = [];
    const pause = async (milliseconds: number) => void pauses.push(milliseconds);
    const options = { apiVersion, json: {}, ...(repeat === false && { repeat }) };
    const work = callArm(arm.url, "token", "PUT", "/s", options, { pause });
    const result = await work.catch((error: unknown) => error);
    await arm.close();
    return { result, calls: arm.calls.length, pauses };
  }

  for (const status of [408, 429, 500, 502, 503, 504]) {
    it(`is repeated after ${status}`, async () => {
      const { result, calls } = await call([armError(status, "Busy", "later")]);
      assert.deepEqual([result, calls], [{ done: true }, 2]);
    });
  }

  it("waits as Retry-After says, else longer each time", async () => {
    const { pauses } = await call([{ status: 429, headers: { "retry-after": "7" } }, { status: 503 }]);
    assert.deepEqual(pauses, [7000, 2000]);
  });

  it("fails in the end with what Azure said last", async () => {
    const { result, calls } = await call(Array(9).fill(armError(503, "Busy", "later")));
    assert.deepEqual(
      [(result as { code: string }).code, (result as { status: number }).status],
      ["QT1201", 503],
    );
    assert.match((result as Error).message, /Busy: later/);
    assert.equal(calls, 6);
  });

  it("is not repeated after any other refusal, or for a caller that repeats it", async () => {
    for (const status of [400, 401, 403, 404, 409, 501])
      assert.equal((await call([armError(status, "No", "no")])).calls, 1);
    assert.equal((await call([armError(503, "Busy", "later")], false)).calls, 1);
  });

  it("is repeated after a connection that broke, or was not made, with all that it sends", async () => {
    const bodies: string[] = [];
    const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      bodies.push(Buffer.concat(chunks).toString());
      if (bodies.length < 3) request.socket.destroy();
      else response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const pause = async () => {};
    try {
      await callArm(base, "token", "PUT", "/s", { apiVersion, json: { a: 1 } }, { pause });
      assert.deepEqual(bodies, Array(3).fill('{"a":1}'));
    } finally {
      server.close();
      server.closeAllConnections();
    }
    await assert.rejects(callArm(base, "token", "PUT", "/s", { apiVersion }, { pause }), /fetch failed/);
  });
});

describe("an operation of Resource Manager", () => {
  let arm: FakeArm | undefined;
  afterEach(async () => arm?.close());

  /** Makes a call whose first answer is `first`, and the polls' answers are `polls`. Returns the addresses that were asked. */
  async function follow(method: "PUT" | "POST", first: (base: string) => FakeAnswer, ...polls: FakeAnswer[]) {
    const started = await startFakeArm(({ headers }, before) =>
      before.length === 0 ? first(`http://${headers.host}`) : (polls[before.length - 1] ?? { json: {} }),
    );
    arm = started;
    await started.session.arm(method, "/s", { apiVersion });
    return started.calls.map(({ url }) => url.replace(/\?.*/, ""));
  }
  const running = { status: 202 };

  it("is followed at its last address while polls are answered 202 without one", async () => {
    const first = (base: string) => ({ status: 202, headers: { location: `${base}/operation` } });
    const polls = ["/operation", "/operation", "/operation"];
    assert.deepEqual(await follow("POST", first, running, running, { json: {} }), ["/s", ...polls]);
  });

  it("is followed at the address that a poll names", async () => {
    const first = (base: string) => ({ status: 202, headers: { location: `${base}/one` } });
    const started = await startFakeArm(({ headers, url }) => {
      if (url.startsWith("/s")) return first(`http://${headers.host}`);
      return url === "/one"
        ? { status: 202, headers: { location: `http://${headers.host}/two` } }
        : { json: {} };
    });
    arm = started;
    await started.session.arm("POST", "/s", { apiVersion });
    assert.deepEqual(
      started.calls.slice(1).map(({ url }) => url),
      ["/one", "/two"],
    );
  });

  it("of a resource that is answered 201 or 200 is followed if it has an address", async () => {
    for (const status of [200, 201]) {
      const first = (base: string) => ({ status, headers: { "azure-asyncoperation": `${base}/operation` } });
      const polls = [{ json: { status: "InProgress" } }, { json: { status: "Succeeded" } }];
      assert.deepEqual(await follow("PUT", first, ...polls), ["/s", "/operation", "/operation"]);
      await arm?.close();
    }
  });

  it("without an address ends when the resource says so, and at once for an action", async () => {
    const state = (provisioningState: string) => ({ json: { properties: { provisioningState } } });
    const asked = await follow("PUT", () => running, state("Creating"), state("Succeeded"));
    assert.deepEqual(asked, ["/s", "/s", "/s"]);
    await arm?.close();
    assert.deepEqual(await follow("POST", () => running), ["/s"]);
    await arm?.close();
    await assert.rejects(
      follow("PUT", () => running, state("Failed")),
      { code: "QT1201" },
    );
  });
});
