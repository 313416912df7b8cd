import assert from "node:assert/strict";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { QtError } from "../../errors/qt-error";
import { armError, type FakeArm, startFakeArm } from "../testing/fake-arm";
import { type FakeCloud, startFakeCloud, TENANT } from "../testing/fake-cloud";
import { callArm, createAzureSession } from "./azure-session";
import { publicCloud } from "./cloud";
import { createCredential } from "./credential";

describe("the Azure session", () => {
  const trusted = getCACertificates("default");
  let cloud: FakeCloud;
  before(async () => {
    cloud = await startFakeCloud();
    setDefaultCACertificates([...trusted, cloud.certificate]);
  });
  after(async () => {
    setDefaultCACertificates(trusted);
    await cloud.close();
  });

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

  it("names the variable that is missing", async () => {
    for (const env of [{ ARM_CLIENT_SECRET: "s" }, { ARM_USE_OIDC: "true" }]) {
      await assert.rejects(
        createCredential(env, publicCloud),
        (error: unknown) =>
          error instanceof QtError && error.code === "QT1204" && /ARM_TENANT_ID/.test(error.message),
      );
    }
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
    await assert.rejects(callArm(started.url, "token", "PUT", "/subscriptions/s", call, 100), {
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
      await assert.rejects(callArm(started.url, "token", "PUT", "/subscriptions/s", call, 1000), {
        code: "QT1209",
      });
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
