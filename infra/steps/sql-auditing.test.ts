import assert from "node:assert/strict";
import { armError, type FakeArm, startFakeArm } from "../testing/fake-arm";
import { sqlAuditing } from "./sql-auditing";

describe("the step sql-auditing", () => {
  let arm: FakeArm | undefined;
  afterEach(async () => {
    await arm?.close();
    arm = undefined;
  });

  const inputs = { serverId: "/s", groups: ["A_GROUP", "B_GROUP"] };
  const wanted = {
    state: "Enabled",
    isAzureMonitorTargetEnabled: true,
    auditActionsAndGroups: inputs.groups,
  };

  /** Runs the step on a server with this auditing, and lists what it puts. */
  async function puts(run: "ensure" | "remove", live: object | undefined): Promise<unknown[]> {
    await arm?.close();
    const azure = await serve(live);
    await sqlAuditing[run]?.(inputs, azure.session, { result: {} });
    return azure.calls
      .filter(({ method }) => method === "PUT")
      .map(({ url, body }) => [url, JSON.parse(body).properties]);
  }
  async function serve(live: object | undefined): Promise<FakeArm> {
    arm = await startFakeArm(({ method }) =>
      method === "GET" && live === undefined
        ? armError(404, "ResourceNotFound", "none")
        : { json: { properties: live } },
    );
    return arm;
  }
  const address = "/s/auditingSettings/default?api-version=2023-08-01";

  it("enables what Azure made with the server", async () => {
    for (const live of [{ state: "Disabled" }, undefined])
      assert.deepEqual(await puts("ensure", live), [[address, wanted]]);
  });

  it("puts nothing on a server that has it, in whatever order", async () => {
    const live = { ...wanted, auditActionsAndGroups: ["B_GROUP", "A_GROUP"], retentionDays: 0 };
    assert.deepEqual(await puts("ensure", live), []);
  });

  it("takes over auditing that a policy enabled with every statement", async () => {
    const live = { ...wanted, auditActionsAndGroups: ["BATCH_COMPLETED_GROUP"] };
    assert.deepEqual(await puts("ensure", live), [[address, wanted]]);
  });

  it("does not end an audit that goes to a storage account", async () => {
    const live = { state: "Enabled", storageEndpoint: "https://audit.blob.core.windows.net" };
    await assert.rejects(puts("ensure", live), { code: "QT1250" });
    assert.deepEqual(
      arm?.calls.map(({ method }) => method),
      ["GET"],
    );
  });

  it("switches off what it switched on, and nothing else", async () => {
    assert.deepEqual(await puts("remove", wanted), [[address, { state: "Disabled" }]]);
    for (const live of [{ ...wanted, auditActionsAndGroups: ["A_GROUP"] }, { state: "Disabled" }, undefined])
      assert.deepEqual(await puts("remove", live), []);
  });

  it("sees auditing that was switched off, or records something else", async () => {
    const seen = async (live: object | undefined) => {
      await arm?.close();
      return sqlAuditing.read?.(inputs, (await serve(live)).session, { result: {} });
    };
    assert.equal(await seen(wanted), inputs);
    assert.deepEqual(await seen({ ...wanted, state: "Disabled" }), { ...inputs, groups: [] });
    assert.deepEqual(await seen({ ...wanted, isAzureMonitorTargetEnabled: false }), {
      ...inputs,
      groups: [],
    });
    assert.deepEqual(await seen({ ...wanted, auditActionsAndGroups: ["A_GROUP"] }), {
      ...inputs,
      groups: ["A_GROUP"],
    });
    assert.equal(await seen(undefined), undefined);
  });
});
