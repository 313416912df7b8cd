import assert from "node:assert/strict";
import { IdentityCredential } from "./identity-token";

const settings = {
  clientId: "client-1",
  identityEndpoint: "http://127.0.0.1/msi/token",
  identityHeader: "h",
};
const SCOPE = "https://database.windows.net/.default";
const inAnHour = () => String(Math.floor(Date.now() / 1000) + 3600);

interface Asked {
  readonly url: URL;
  readonly header: string | undefined;
}

function credential(...answers: (string | { status: number; body: unknown })[]) {
  const asked: Asked[] = [];
  const waits: number[] = [];
  const made = new IdentityCredential(
    settings,
    async (url, init) => {
      asked.push({ url: new URL(url), header: init?.headers?.["x-identity-header"] });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined || typeof answer === "string") throw new Error(answer);
      return { status: answer.status, text: JSON.stringify(answer.body) };
    },
    async (ms) => void waits.push(ms),
  );
  return { made, asked, waits };
}

describe("the managed identity", () => {
  it("is called as App Service documents it, once for the lifetime of the token", async () => {
    const { made, asked } = credential({ status: 200, body: { access_token: "t1", expires_on: inAnHour() } });
    assert.equal((await made.getToken(SCOPE)).token, "t1");
    assert.equal((await made.getToken([SCOPE])).token, "t1");
    assert.equal(asked.length, 1);
    assert.deepEqual(Object.fromEntries(asked[0]?.url.searchParams ?? []), {
      "api-version": "2019-08-01",
      resource: "https://database.windows.net",
      client_id: "client-1",
    });
    assert.equal(asked[0]?.header, "h");
  });

  it("renews a token before it expires", async () => {
    const soon = String(Math.floor(Date.now() / 1000) + 60);
    const { made, asked } = credential({ status: 200, body: { access_token: "t", expires_on: soon } });
    await made.getToken(SCOPE);
    await made.getToken(SCOPE);
    assert.equal(asked.length, 2);
  });

  it("also reads the expiry as a date", async () => {
    const { made } = credential({
      status: 200,
      body: { access_token: "t", expires_on: "2099-01-01T00:00:00Z" },
    });
    assert.equal((await made.getToken(SCOPE)).expiresOnTimestamp, Date.UTC(2099, 0, 1));
  });

  it("retries failures that may pass", async () => {
    const { made, waits } = credential(
      "connect ECONNREFUSED",
      { status: 500, body: {} },
      {
        status: 200,
        body: { access_token: "t", expires_on: inAnHour() },
      },
    );
    assert.equal((await made.getToken(SCOPE)).token, "t");
    assert.equal(waits.length, 2);
  });

  it("reports a refusal at once, with its reason", async () => {
    const { made, asked } = credential({ status: 400, body: { message: "No User Assigned identity found" } });
    await assert.rejects(made.getToken(SCOPE), {
      code: "QT5009",
      message: /client-1.*status 400 No User Assigned/,
    });
    assert.equal(asked.length, 1);
  });
});
