import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { needsPowerShell } from "../packages/kit/testing/power-shell";
import { skip } from "../packages/kit/testing/skip";

const root = join(__dirname, "..");
// .NET instruments methods in order to optimise them later, which does not pay off in a run of twenty seconds.
const forShortRuns = { DOTNET_TieredPGO: "0" };

function powerShell(command: string) {
  const args = ["-NoProfile", "-NonInteractive", "-Command", command];
  return spawnSync("pwsh", args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...forShortRuns },
  });
}

describe("The runbook itself", () => {
  before(async function () {
    await needsPowerShell(this);
    const pester = "@(Get-Module Pester -ListAvailable | Where-Object { $_.Version -ge '5.3.0' }).Count";
    if (Number(powerShell(pester).stdout) > 0) return;
    skip(this, "PowerShell has no Pester of 5.3 or later");
  });

  it("passes its Pester tests", () => {
    const { stdout, stderr, status } = powerShell(
      "$result = Invoke-Pester -Path runbooks -Output Normal -PassThru; if ($result.Result -ne 'Passed') { exit 1 }; \"passed: $($result.PassedCount)\"",
    );
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(stdout, /passed: [1-9]/);
  });
});
