import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createPassiveService } from "../passive";
import { createSqlService } from ".";

describe("a server's auditing", () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator((context) => [
      createSqlService(context),
      createPassiveService(context),
    ]);
    const made = await emulator.arm("PUT", serverOf(), {
      location: "westeurope",
      properties: { administratorLogin: "admin1", administratorLoginPassword: "Secret-1234" },
    });
    assert.equal(made.status, 202);
  });
  after(() => emulator?.stop());

  const serverOf = () => `${emulator.group}/providers/Microsoft.Sql/servers/sql-audited`;
  const auditing = () => `${serverOf()}/auditingSettings/default`;
  const put = (properties: object) => emulator.arm("PUT", auditing(), { properties });
  const monitored = { state: "Enabled", isAzureMonitorTargetEnabled: true };

  it("comes with the server, disabled", async () => {
    const { status, json } = await emulator.arm("GET", auditing());
    assert.deepEqual([status, json.properties.state], [200, "Disabled"]);
  });

  it("needs a target", async () => {
    const { status, json } = await put({ state: "Enabled" });
    assert.deepEqual([status, json.error.code], [400, "DataSecurityInvalidUserSuppliedParameter"]);
    assert.match(json.error.message, /isAzureMonitorTargetEnabled/);
    assert.equal((await put(monitored)).status, 200);
  });

  it("records every statement if no groups are chosen", async () => {
    await put(monitored);
    const { json } = await emulator.arm("GET", auditing());
    assert.ok(json.properties.auditActionsAndGroups.includes("BATCH_COMPLETED_GROUP"));
  });

  it("takes groups that are published", async () => {
    const groups = ["FAILED_DATABASE_AUTHENTICATION_GROUP"];
    assert.equal((await put({ ...monitored, auditActionsAndGroups: groups })).status, 200);
    const { status, json } = await put({ ...monitored, auditActionsAndGroups: ["SELECT"] });
    assert.deepEqual([status, json.error.code], [400, "InvalidBlobAuditActionsAndGroups"]);
    const kept = (await emulator.arm("GET", auditing())).json.properties;
    assert.deepEqual(kept.auditActionsAndGroups, groups);
  });

  it("is sent on from the database master, which comes with the server", async () => {
    const setting = (server: string) =>
      emulator.arm(
        "PUT",
        `${server}/databases/master/providers/Microsoft.Insights/diagnosticSettings/to-workspace`,
        {
          properties: {
            workspaceId: `${emulator.group}/providers/Microsoft.OperationalInsights/workspaces/log`,
            logs: [{ category: "SQLSecurityAuditEvents", enabled: true }],
          },
        },
      );
    assert.equal((await setting(serverOf())).status, 200);
    assert.equal((await setting(`${serverOf()}-none`)).status, 404);
  });
});
