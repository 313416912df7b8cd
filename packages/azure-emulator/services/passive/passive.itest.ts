import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createPassiveService } from ".";

describe("resources that only have to exist", () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator((context) => [createPassiveService(context)]);
  });
  after(() => emulator.stop());

  it("keep their properties, also as extensions of another resource", async () => {
    const { arm, group } = emulator;
    const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
    const made = await arm("PUT", workspace, { location: "westeurope", properties: { retentionInDays: 30 } });
    assert.match(made.json.properties.customerId, /^[0-9a-f]{8}-/);
    assert.equal(made.json.properties.retentionInDays, 30);
    const setting = `${workspace}/providers/Microsoft.Insights/diagnosticSettings/all`;
    const budget = {
      amount: 1,
      category: "Cost",
      timeGrain: "Monthly",
      timePeriod: { startDate: `${new Date().toISOString().slice(0, 7)}-01T00:00:00Z` },
    };
    assert.equal((await arm("PUT", setting, { properties: { logs: [] } })).status, 200);
    const orphan = `${group}/providers/Microsoft.OperationalInsights/workspaces/none/providers/Microsoft.Insights/diagnosticSettings/all`;
    assert.equal((await arm("PUT", orphan, {})).status, 404);
    assert.equal(
      (await arm("PUT", `${group}/providers/Microsoft.Consumption/budgets/month`, { properties: budget }))
        .status,
      201,
    );
    const earlier = { ...budget, timePeriod: { startDate: "2024-01-01T00:00:00Z" } };
    const other = `${group}/providers/Microsoft.Consumption/budgets/other`;
    assert.equal((await arm("PUT", other, { properties: earlier })).status, 400);
  });

  it("give Application Insights a connection string that points at this machine and never changes", async () => {
    const { arm, group, context } = emulator;
    const id = `${group}/providers/Microsoft.Insights/components/insights`;
    const body = { location: "westeurope", kind: "web", properties: { Application_Type: "web" } };
    const first = await arm("PUT", id, body);
    const { ConnectionString, InstrumentationKey } = first.json.properties;
    assert.ok(
      ConnectionString.includes(
        `InstrumentationKey=${InstrumentationKey};IngestionEndpoint=${context.httpsUrl}/`,
      ),
    );
    assert.doesNotMatch(ConnectionString, /azure/);
    assert.deepEqual((await arm("PUT", id, body)).json, first.json);
  });
});
