import assert from "node:assert/strict";
import { armError, type FakeArm, startFakeArm } from "../testing/fake-arm";
import { sqlAdministrator } from "./sql-administrator";

describe("the step sql-administrator", () => {
  let arm: FakeArm | undefined;
  afterEach(async () => {
    await arm?.close();
    arm = undefined;
  });

  const sid = "00000000-0000-0000-0000-00000000AD31";
  const inputs = { serverId: "/s", login: "DBAs", objectId: sid, tenantId: "t" };
  const live = { login: "DBAs", sid: sid.toLowerCase(), tenantId: "t" };
  /** Runs the step where Azure has this, and lists what it puts. */
  async function puts(administrator: object | undefined, entraOnly: object | undefined): Promise<unknown[]> {
    arm = await startFakeArm(({ method, url }) => {
      const found = url.includes("/administrators/") ? administrator : entraOnly;
      if (method === "GET" && found === undefined) return armError(404, "ResourceNotFound", "none");
      return { json: { properties: found } };
    });
    assert.deepEqual((await sqlAdministrator.ensure(inputs, arm.session)).result, { objectId: sid });
    return arm.calls
      .filter(({ method }) => method === "PUT")
      .map(({ url, body }) => [url, JSON.parse(body).properties]);
  }
  const administratorPut = [
    "/s/administrators/ActiveDirectory?api-version=2023-08-01",
    { administratorType: "ActiveDirectory", login: "DBAs", sid, tenantId: "t" },
  ];
  const entraOnlyPut = [
    "/s/azureADOnlyAuthentications/Default?api-version=2023-08-01",
    { azureADOnlyAuthentication: true },
  ];

  it("puts nothing on a server that has both, whatever the case of its ids", async () => {
    assert.deepEqual(await puts(live, { azureADOnlyAuthentication: true }), []);
  });

  it("changes the administrator in place", async () => {
    for (const before of [
      { ...live, sid: "other" },
      { ...live, login: "Others" },
    ]) {
      assert.deepEqual(await puts(before, { azureADOnlyAuthentication: true }), [administratorPut]);
      await arm?.close();
    }
  });

  it("makes what is missing, the administrator first", async () => {
    assert.deepEqual(await puts(undefined, undefined), [administratorPut, entraOnlyPut]);
  });

  it("stops SQL logins that somebody allowed", async () => {
    assert.deepEqual(await puts(live, { azureADOnlyAuthentication: false }), [entraOnlyPut]);
  });

  it("does not take another failure for a missing resource", async () => {
    arm = await startFakeArm(() => armError(403, "AuthorizationFailed", "no"));
    await assert.rejects(sqlAdministrator.ensure(inputs, arm.session), { code: "QT1201" });
  });
});
