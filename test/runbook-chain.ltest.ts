import assert from "node:assert/strict";
import { query } from "../local/commands/emulator-client";
import { needsPowerShell } from "../packages/kit/testing/power-shell";
import { armClient } from "./support/arm-client";
import { deployedEmulator, keyed, land, type TestEmulator } from "./support/emulator";
import { deployStarter } from "./support/starter-credential";

describe("The whole chain with the runbook itself", () => {
  let local: TestEmulator | undefined;
  const chosen = process.env.QT_POWER_SHELL;

  before(async function () {
    await needsPowerShell(this);
    delete process.env.QT_POWER_SHELL;
    local = await deployedEmulator();
  });
  after(async () => {
    if (chosen !== undefined) process.env.QT_POWER_SHELL = chosen;
    await local?.close();
  });

  it("lands a snapshot, from the event to the rows", async () => {
    assert.ok(local !== undefined);
    const landed = await land(local.environment, keyed, 0, 300);
    assert.equal(landed.status, "succeeded", landed.error);
    assert.equal(landed.load.status, "published");
    const output = await armClient(local).jobOutput(landed.id);
    assert.match(output, /^\[local\] PowerShell \d+\.\S+ runs the published content\./);
    assert.match(output, /^Started QT_fetch_data for dataset d-bordereau-premium: run /m);
    const [{ rows }] = (await query(
      local.environment,
      `select count(*) as rows from data.premium_bordereau`,
    )) as [{ rows: number }];
    assert.equal(Number(rows), 300);
  });

  it("lands a snapshot as the service principal of a credential", async () => {
    assert.ok(local !== undefined);
    await deployStarter(local, "the-starter-secret");
    const landed = await land(local.environment, keyed, 1, 300);
    assert.equal(landed.status, "succeeded", landed.error);
    const output = await armClient(local).jobOutput(landed.id);
    assert.match(output, /^\[local\] PowerShell \d+\.\S+ runs the published content\./);
  });
});
