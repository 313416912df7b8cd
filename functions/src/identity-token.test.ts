import assert from "node:assert/strict";
import { mock } from "node:test";
import type { HttpRequestInit } from "./http";
import { IdentityCredential } from "./identity-token";

const settings = {
  clientId: "client-1",
  identityEndpoint: "http://127.0.0.1/msi/token",
  identityHeader: "h",
};
const SCOPE = "https://database.windows.net/.default";
const NOW = Date.UTC(2026, 0, 1);
/** Seconds since 1970 as text, as App Service answers them. */
const inSeconds = (seconds: number) => String(NOW / 1000 + seconds);
const token = (expires_on: unknown) => ({ status: 200, body: { access_token: "t", expires_on } });

/** A credential whose endpoint gives these answers, the last one again and again; a text is an error, a body as text is not JSON. */
function credential(...answers: (string | { status: number; body: unknown })[]) {
  const asked: { readonly url: URL; readonly init: HttpRequestInit | undefined }[] = [];
  const waits: number[] = [];
  const made = new IdentityCredential(
    settings,
    async (url, init) => {
      asked.push({ url: new URL(url), init });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined || typeof answer === "string") throw new Error(answer);
      const { status, body } = answer;
      return { status, text: typeof body === "string" ? body : JSON.stringify(body) };
    },
    async (ms) => waits.push(ms),
  );
  return { made, asked, waits };
}

describe("the managed identity", () => {
  beforeEach(() => mock.timers.enable({ apis: ["Date"], now: NOW }));
  afterEach(() => mock.timers.reset());

  it("is called as App Service documents it, once for the lifetime of the token", async () => {
    const { made, asked } = credential(token(inSeconds(3600)));
    const expected = { token: "t", expiresOnTimestamp: NOW + 3_600_000 };
    assert.deepEqual(await made.getToken(SCOPE), expected);
    assert.deepEqual(await made.getToken([SCOPE]), expected);
    assert.equal(asked.length, 1);
    const [{ url, init } = assert.fail()] = asked;
    assert.equal(url.origin + url.pathname, settings.identityEndpoint);
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      "api-version": "2019-08-01",
      resource: "https://database.windows.net",
      client_id: "client-1",
    });
    assert.deepEqual(init, { headers: { "x-identity-header": "h" } });
  });

  it("is called once for each resource", async () => {
    const { made, asked } = credential(token(inSeconds(3600)));
    for (const scope of [SCOPE, "https://vault.azure.net/.default", SCOPE]) await made.getToken(scope);
    const resources = asked.map(({ url }) => url.searchParams.get("resource"));
    assert.deepEqual(resources, ["https://database.windows.net", "https://vault.azure.net"]);
  });

  const renewals: [why: string, expires: unknown, asked: number][] = [
    ["keeps a token that has more than five minutes", inSeconds(301), 1],
    ["renews a token five minutes before it expires", inSeconds(300), 2],
    ["renews a token that has expired", inSeconds(-60), 2],
  ];
  for (const [why, expires, times] of renewals) {
    it(why, async () => {
      const { made, asked } = credential(token(expires));
      await made.getToken(SCOPE);
      await made.getToken(SCOPE);
      assert.equal(asked.length, times);
    });
  }

  it("also reads the expiry as a date, and takes one that it cannot read for now", async () => {
    const expiry = async (expires: unknown) =>
      (await credential(token(expires)).made.getToken(SCOPE)).expiresOnTimestamp;
    assert.equal(await expiry("2099-01-01T00:00:00Z"), Date.UTC(2099, 0, 1));
    for (const unreadable of ["soon", undefined]) assert.equal(await expiry(unreadable), NOW);
  });

  it("is asked again, after a pause, when a failure may pass", async () => {
    for (const failure of ["connect ECONNREFUSED", ...[404, 410, 429, 500, 503].map(statusOnly)]) {
      const { made, asked, waits } = credential(failure, failure, token(inSeconds(3600)));
      assert.equal((await made.getToken(SCOPE)).token, "t");
      assert.deepEqual([asked.length, waits], [3, [1000, 1500]]);
    }
  });

  it("fails after three attempts, with the reason of the last one", async () => {
    const { made, asked, waits } = credential(statusOnly(500), statusOnly(500), "connect ECONNREFUSED");
    await assert.rejects(made.getToken(SCOPE), {
      code: "QT5009",
      details: {
        clientId: "client-1",
        resource: "https://database.windows.net",
        reason: "connect ECONNREFUSED",
      },
    });
    assert.deepEqual([asked.length, waits], [3, [1000, 1500]]);
  });

  const refusals: [status: number, body: unknown, reason: string][] = [
    [
      400,
      { message: "No User Assigned identity found", error: "x" },
      "status 400 No User Assigned identity found",
    ],
    [400, { error_description: "Identity not found", error: "x" }, "status 400 Identity not found"],
    [400, { error: "invalid_request" }, "status 400 invalid_request"],
    [400, { message: "m".repeat(301) }, `status 400 ${"m".repeat(300)}`],
    [401, { message: { code: 1 } }, "status 401"],
    [403, [], "status 403"],
    [499, "<html>", "status 499"],
    [200, {}, "status 200"],
    [200, { access_token: 7 }, "status 200"],
    [200, "null", "status 200"],
    [201, { access_token: "t" }, "status 201"],
  ];
  for (const [status, body, reason] of refusals) {
    it(`reports a refusal at once: ${status} ${JSON.stringify(body).slice(0, 60)}`, async () => {
      const { made, asked } = credential({ status, body });
      await assert.rejects(made.getToken(SCOPE), {
        code: "QT5009",
        details: { clientId: "client-1", resource: "https://database.windows.net", reason },
      });
      assert.equal(asked.length, 1);
    });
  }
});

function statusOnly(status: number) {
  return { status, body: {} };
}
