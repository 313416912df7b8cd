import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { goodFile, projectFolder } from "../commands/tenant/testing/project-folder";
import { checkTenant, mistakeLine } from "./check";
import { RUNS_AT_ONCE } from "./job-quotas";

describe("The warning about jobs that wait for their runs", () => {
  const project = projectFolder();
  const warnings = (file: string) =>
    checkTenant(project({ "Pulumi.acme.yaml": file }), "acme").map(mistakeLine);
  const waiting = `${goodFile}  quantemplate:runbook: {waitForEnd: true}\n`;

  it("is given if there can be more jobs than a quota, and names the three quotas", () => {
    assert.deepEqual(warnings(waiting), [
      "Pulumi.acme.yaml:17:26 warning: quantemplate:runbook.waitForEnd lets up to 6 jobs wait at once: 4 for running loads, and one for each dataset. Azure Automation runs 50 (Enterprise), 10 (pay-as-you-go), 5 (trial), and an event above that is lost. Remove it, so that a job ends once the load has started, or make sure that the subscription allows that many.",
    ]);
  });

  it("is not given if the jobs fit", () => {
    const one = waiting.replace("    - id: d-2\n      table: claims\n", "");
    assert.notEqual(one, waiting);
    assert.deepEqual(warnings(one), []);
  });

  it("is not given if the setting is off or not valid", () => {
    assert.deepEqual(warnings(waiting.replace("true", "false")), []);
    const [wrong, ...others] = warnings(waiting.replace("true", "maybe"));
    assert.match(wrong ?? "", /runbook\.waitForEnd expects true or false/);
    assert.deepEqual(others, []);
  });

  it("counts as many running loads as the pipeline allows", () => {
    const file = join(__dirname, "../adf-definitions/pipeline/QT_fetch_data.json");
    assert.equal(JSON.parse(readFileSync(file, "utf8")).properties.concurrency, RUNS_AT_ONCE);
  });
});
