import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenCredential } from "@azure/identity";
import { generate } from "selfsigned";
import { QtError } from "../../errors/qt-error";
import { armError, type FakeAnswer, type FakeArm, startFakeArm } from "../testing/fake-arm";
import { type FakeCloud, startTrustedCloud, TENANT } from "../testing/fake-cloud";
import { callArm } from "./arm-call";
import { accessToken, createAzureSession } from "./azure-session";
import { publicCloud } from "./cloud";
import { createCredential } from "./credential";

describe("the Azure session", () => {
  let cloud: FakeCloud;
  before(async () => {
    cloud = await startTrustedCloud();
  });
  after(() => cloud.close());

  it("finds its cloud from the metadata, signs in with a client secret and calls Resource Manager", async () => {
    const session = createAzureSession({
      ARM_METADATA_HOSTNAME: cloud.host,
      ARM_TENANT_ID: TENANT,
      ARM_CLIENT_ID: "deployer",
      ARM_CLIENT_SECRET: "its-secret",
    });
    assert.deepEqual(await session.arm("GET", "/subscriptions/s", { apiVersion: "2020-01-01" }), {
      value: "resource",
    });
    assert.equal(cloud.seen.at(-1)?.url, "/subscriptions/s?api-version=2020-01-01");
    assert.equal(cloud.seen.at(-1)?.authorization, "Bearer issued");
    await session.sqlToken();
    const scopes = cloud.seen
      .filter(({ url }) => url.includes("/oauth2/v2.0/token"))
      .map(({ body }) => new URLSearchParams(body).get("scope")?.split(" ")[0]);
    assert.deepEqual(scopes, [
      "https://management.core.windows.net/.default",
      "https://database.windows.net/.default",
    ]);
  });

  it("signs in with a pipeline's own token, without any secret", async () => {
    const session = createAzureSession({
      ARM_METADATA_HOSTNAME: cloud.host,
      ARM_TENANT_ID: TENANT,
      ARM_CLIENT_ID: "deployer",
      ARM_USE_OIDC: "true",
      ARM_OIDC_TOKEN: "federated-token",
    });
    assert.equal(await session.armToken(), "issued");
    const form = new URLSearchParams(
      cloud.seen.findLast(({ url }) => url.includes("/oauth2/v2.0/token"))?.body,
    );
    assert.equal(form.get("client_assertion"), "federated-token");
  });

  it("signs in to an authority that Microsoft's discovery does not know, if that is off", async () => {
    const env = { ARM_TENANT_ID: TENANT, ARM_CLIENT_ID: "deployer", ARM_CLIENT_SECRET: "its-secret" };
    const known = { ...publicCloud, loginEndpoint: `https://${cloud.host}` };
    const credential = await createCredential({ ...env, ARM_DISABLE_INSTANCE_DISCOVERY: "true" }, known);
    assert.equal(await accessToken(credential, known.armScope), "issued");
  });

  it("signs in with a certificate in PEM", async () => {
    const folder = await mkdtemp(join(tmpdir(), "certificate-"));
    try {
      const file = join(folder, "client.pem");
      const pems = await generate([{ name: "commonName", value: "deployer" }]);
      await writeFile(file, `${pems.private}\n${pems.cert}`);
      const session = createAzureSession({
        ARM_METADATA_HOSTNAME: cloud.host,
        ARM_TENANT_ID: TENANT,
        ARM_CLIENT_ID: "deployer",
        ARM_CLIENT_CERTIFICATE_PATH: file,
      });
      assert.equal(await session.armToken(), "issued");
      const form = new URLSearchParams(cloud.seen.at(-1)?.body);
      assert.equal(form.get("client_id"), "deployer");
      assert.match(form.get("client_assertion") ?? "", /^ey/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("names the variable that is missing", async () => {
    for (const env of [{ ARM_CLIENT_SECRET: "s" }, { ARM_USE_OIDC: "true" }]) {
      await assert.rejects(
        createCredential(env, publicCloud),
        (error: unknown) =>
          error instanceof QtError && error.code === "QT1204" && /ARM_TENANT_ID/.test(error.message),
      );
    }
  });

  describe("with a pipeline's token", () => {
    let provider: FakeArm | undefined;
    afterEach(async () => {
      await provider?.close();
      provider = undefined;
    });
    /** Signs in with OpenID Connect and returns the token that the cloud got from the pipeline. */
    async function assertion(env: Record<string, string>) {
      await createAzureSession({
        ARM_METADATA_HOSTNAME: cloud.host,
        ARM_TENANT_ID: TENANT,
        ARM_CLIENT_ID: "deployer",
        ARM_USE_OIDC: "true",
        ...env,
      }).armToken();
      const form = cloud.seen.findLast(({ url }) => url.includes("/oauth2/v2.0/token"))?.body;
      return new URLSearchParams(form).get("client_assertion");
    }

    it("reads it from a file, without the last line's end", async () => {
      const folder = await mkdtemp(join(tmpdir(), "token-"));
      try {
        const file = join(folder, "token");
        await writeFile(file, "from-the-file\n");
        assert.equal(await assertion({ ARM_OIDC_TOKEN_FILE_PATH: file }), "from-the-file");
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it("requests it for Azure, from the job's own provider or another", async () => {
      provider = await startFakeArm(({ headers }) => ({ json: { value: `for ${headers.authorization}` } }));
      const job = {
        ACTIONS_ID_TOKEN_REQUEST_URL: `${provider.url}/job?run=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job",
      };
      assert.equal(await assertion(job), "for Bearer job");
      const named = { ARM_OIDC_REQUEST_URL: `${provider.url}/named`, ARM_OIDC_REQUEST_TOKEN: "named" };
      assert.equal(await assertion({ ...job, ...named }), "for Bearer named");
      assert.deepEqual(
        [...new Set(provider.calls.map(({ url }) => url))],
        [
          "/job?run=1&audience=api%3A%2F%2FAzureADTokenExchange",
          "/named?audience=api%3A%2F%2FAzureADTokenExchange",
        ],
      );
    });

    it("requests it for another audience, if one is named", async () => {
      provider = await startFakeArm(() => ({ json: { value: "t" } }));
      await assertion({
        ARM_OIDC_REQUEST_URL: provider.url,
        ARM_OIDC_REQUEST_TOKEN: "b",
        ARM_OIDC_AUDIENCE: "api://other",
      });
      assert.equal(provider.calls[0]?.url, "/?audience=api%3A%2F%2Fother");
    });

    it("says what is missing", async () => {
      provider = await startFakeArm(() => ({ status: 403, json: { value: "not-ours" } }));
      const { url } = provider;
      for (const [env, missing] of [
        [{}, "ACTIONS_ID_TOKEN_REQUEST_URL (or ARM_OIDC_TOKEN, or run as a job with id-token: write)"],
        [{ ACTIONS_ID_TOKEN_REQUEST_URL: url }, "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
        [
          { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job" },
          `a token from ${new URL(url).host} (it answered 403)`,
        ],
      ] as const) {
        await assert.rejects(assertion(env), {
          code: "QT1205",
          details: { reason: `The deployer cannot sign in: ${missing} is missing.` },
        });
      }
    });
  });

  it("says which metadata could not be read", async () => {
    const session = createAzureSession({ ARM_METADATA_HOSTNAME: "127.0.0.1:1", ARM_CLIENT_SECRET: "s" });
    await assert.rejects(
      session.armToken(),
      (error: unknown) =>
        error instanceof QtError && error.code === "QT1203" && /127\.0\.0\.1:1/.test(error.message),
    );
  });
});

describe("a call of Resource Manager that continues in the background", () => {
  let arm: FakeArm | undefined;
  afterEach(async () => arm?.close());

  /** Makes a call that is answered 202, whose operation then returns the given statuses in order. */
  async function call(...operation: object[]) {
    const started = await startFakeArm(({ method, headers }, before) =>
      method === "GET"
        ? { json: operation[before.length - 1], headers: { "retry-after": "0" } }
        : {
            status: 202,
            headers: {
              "azure-asyncoperation": `http://${headers.host ?? ""}/operations/1`,
              "retry-after": "0",
            },
          },
    );
    arm = started;
    return started.session.arm("PUT", "/subscriptions/s", { apiVersion: "2020-01-01", json: {} });
  }

  it("is followed until it succeeds", async () => {
    assert.deepEqual(await call({ status: "Succeeded" }), { status: "Succeeded" });
  });

  it("is followed while it has a status other than InProgress", async () => {
    await call({ status: "Provisioning" }, { status: "Succeeded" });
    assert.equal(arm?.calls.length, 3);
  });

  it("is not waited for forever", async () => {
    const started = await startFakeArm(({ headers }, before) => ({
      status: before.length === 0 ? 202 : 200,
      json: { status: "InProgress" },
      headers: { location: `http://${headers.host ?? ""}/operations/1`, "retry-after": "0" },
    }));
    arm = started;
    const call = { apiVersion: "2020-01-01", json: {} };
    await assert.rejects(callArm(started.url, "token", "PUT", "/subscriptions/s", call, { limitMs: 100 }), {
      code: "QT1209",
      message: /PUT \/subscriptions\/s was accepted/,
    });
    assert.ok(started.calls.length > 2, "it was polled more than once");
  });

  it("is not waited for beyond the limit even if Retry-After says so, nor polled at once if Retry-After is a date", async () => {
    for (const retryAfter of ["3600", "Wed, 21 Oct 2026 07:28:00 GMT"]) {
      await arm?.close();
      const started = await startFakeArm(({ headers }) => ({
        status: 202,
        headers: { location: `http://${headers.host ?? ""}/operations/1`, "retry-after": retryAfter },
      }));
      arm = started;
      const call = { apiVersion: "2020-01-01", json: {} };
      await assert.rejects(
        callArm(started.url, "token", "PUT", "/subscriptions/s", call, { limitMs: 1000 }),
        {
          code: "QT1209",
        },
      );
      assert.equal(started.calls.length, 1);
    }
  });

  it("fails if the operation failed, even with status 200", async () => {
    const { json } = armError(200, "SqlServerBusy", "try again later");
    await assert.rejects(call({ status: "Failed", ...(json as object) }), {
      code: "QT1201",
      message: /try again later/,
    });
  });
});

describe("one call of Resource Manager", () => {
  let arm: FakeArm | undefined;
  afterEach(async () => arm?.close());
  const apiVersion = "2020-01-01";
  async function answering(...answers: FakeAnswer[]) {
    arm = await startFakeArm((_call, before) => answers[before.length] ?? {});
    return arm;
  }
  /** The answer 202 with the given headers. */
  const accepted = (headers: Record<string, string> = {}): FakeAnswer => ({ status: 202, headers });

  it("sends JSON as such, a text with its own type, and otherwise nothing", async () => {
    const { session, calls } = await answering();
    await session.arm("PUT", "/s", { apiVersion, json: { a: 1 } });
    await session.arm("PUT", "/s", { apiVersion, text: { type: "text/powershell", body: "Get-Date" } });
    await session.arm("GET", "/s", { apiVersion });
    assert.deepEqual(
      calls.map(({ headers, body }) => [headers["content-type"], body]),
      [
        ["application/json", '{"a":1}'],
        ["text/powershell", "Get-Date"],
        [undefined, ""],
      ],
    );
  });

  it("returns a text that is no JSON as it is, and nothing for an empty answer", async () => {
    const { session } = await answering({ text: "plain" }, { text: "" });
    assert.equal(await session.arm("GET", "/s", { apiVersion }), "plain");
    assert.equal(await session.arm("GET", "/s", { apiVersion }), undefined);
  });

  for (const [what, answer, reason] of [
    ["Azure's code and message", { json: { error: { code: "Busy", message: "later" } } }, "Busy: later"],
    ["a message without a code", { json: { error: { message: "later" } } }, "error: later"],
    ["a code without a message", { json: { error: { code: "Busy" } } }, "Busy: "],
    ["JSON of another form", { json: { message: "later" } }, '{"message":"later"}'],
    ["JSON's null", { json: null }, "null"],
    ["a page, cut at 300 characters", { text: "x".repeat(301) }, "x".repeat(300)],
    ["an empty answer", { text: "" }, "no reason given"],
  ] as const) {
    it(`fails with what the answer gives as the reason: ${what}`, async () => {
      const { session } = await answering({ status: 409, ...answer });
      await assert.rejects(session.arm("DELETE", "/s", { apiVersion }), {
        code: "QT1201",
        status: 409,
        details: { method: "DELETE", id: "/s", status: 409, reason },
      });
    });
  }

  it("returns an accepted answer that names no operation", async () => {
    const { session } = await answering({ ...accepted(), json: { state: "accepted" } });
    assert.deepEqual(await session.arm("POST", "/s", { apiVersion }), { state: "accepted" });
  });

  /** Calls, and polls the operation at once, which returns the given answers in order. */
  async function follow(...polled: FakeAnswer[]) {
    const started = await startFakeArm(({ headers }, before) =>
      before.length === 0
        ? accepted({ location: `http://${headers.host ?? ""}/operation`, "retry-after": "0" })
        : (polled[before.length - 1] ?? {}),
    );
    arm = started;
    return started.session.arm("PUT", "/s", { apiVersion, json: {} });
  }

  it("polls its operation as the same caller", async () => {
    await follow({ json: {} });
    assert.equal(arm?.calls[1]?.headers.authorization, "Bearer arm-token");
  });

  for (const [what, json] of [
    ["null", null],
    ["a resource", { id: "/s" }],
    ["a resource whose status is no text", { status: 1 }],
    ["a text", "done"],
  ] as const) {
    it(`has ended if a poll answers 200 with no status of an operation: ${what}`, async () => {
      assert.deepEqual(await follow({ json }), json);
      assert.equal(arm?.calls.length, 2);
    });
  }

  for (const status of ["Failed", "Canceled"]) {
    it(`fails if its operation ended as ${status}`, async () => {
      await assert.rejects(follow({ json: { status } }), {
        code: "QT1201",
        details: { method: "PUT", id: "/s", status: 200, reason: JSON.stringify({ status }) },
      });
    });
  }

  it("fails if a poll fails, even with the status of a running operation", async () => {
    await assert.rejects(follow({ status: 404, json: { status: "InProgress" } }), {
      code: "QT1201",
      status: 404,
    });
  });

  for (const [retryAfter, limitMs] of [
    ["3600", 60_000],
    ["Sun Nov  6 08:49:37 1994", 1000],
    ["0 or later", 1000],
  ] as const) {
    it(`gives up before a pause beyond the limit, in minutes: Retry-After ${retryAfter}`, async () => {
      const { url, calls } = await answering(accepted({ location: "/unused", "retry-after": retryAfter }));
      await assert.rejects(callArm(url, "token", "PUT", "/s", { apiVersion }, { limitMs }), {
        code: "QT1209",
        details: { method: "PUT", id: "/s", minutes: Math.floor(limitMs / 60_000) },
      });
      assert.equal(calls.length, 1);
    });
  }
});

describe("an access token", () => {
  const issuing = (getToken: TokenCredential["getToken"]): TokenCredential => ({ getToken });

  it("is issued for the scope", async () => {
    const credential = issuing(async (scope) => ({ token: `for ${String(scope)}`, expiresOnTimestamp: 0 }));
    assert.equal(await accessToken(credential, "a/.default"), "for a/.default");
  });

  it("that was not issued is reported with the reason and its cause", async () => {
    const cause = new Error("no subscription");
    await assert.rejects(
      accessToken(
        issuing(async () => {
          throw cause;
        }),
        "s",
      ),
      { code: "QT1205", details: { reason: "no subscription" }, cause },
    );
    await assert.rejects(
      accessToken(
        issuing(async () => null),
        "s",
      ),
      { code: "QT1205", details: { reason: "the credential returned no token" } },
    );
  });

  it("that lacks one of our variables is reported as that", async () => {
    const missing = new QtError("QT1204", { missing: "ARM_TENANT_ID" });
    await assert.rejects(
      accessToken(
        issuing(async () => {
          throw missing;
        }),
        "s",
      ),
      missing,
    );
  });
});
