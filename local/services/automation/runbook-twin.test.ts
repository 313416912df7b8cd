import assert from "node:assert/strict";
import fs from "node:fs";
import {
  caseJobId,
  casePace,
  caseParameters,
  caseSandbox,
  casesFile,
  type RunbookCase,
  runbookCases,
} from "./runbook-cases";
import { runTwin } from "./runbook-twin";
import { startFakeFactory } from "./test-factory";

/** Runs the twin on a case; what it wrote, what it threw, and what it asked the factory. */
async function play(given: RunbookCase) {
  const factory = await startFakeFactory(given.factory);
  const output: string[] = [];
  let exception: string | undefined;
  try {
    await runTwin(
      {
        runbookName: "Start-QuantemplateLoad",
        content: "",
        parameters: caseParameters(given),
        sandbox: caseSandbox(given, factory.url),
        write: (_type, text) => output.push(text),
        signal: new AbortController().signal,
      },
      casePace(factory.url),
    );
  } catch (error) {
    exception = (error as Error).message;
  } finally {
    await factory.close();
  }
  return { output: output.join("\n"), exception, started: factory.started, jobIds: [...factory.jobIds] };
}

describe("the runbook's twin", () => {
  for (const given of runbookCases) {
    it(`${given.expect.outcome}: ${given.name}`, async () => {
      const { outcome, message, datasetId, startsRun = outcome === "started" } = given.expect;
      const ended = await play(given);
      const completes = outcome === "started" || outcome === "ignored";
      if (completes) assert.equal(ended.exception, undefined);
      assert.match((completes ? ended.output : ended.exception) ?? "", new RegExp(message, "s"));
      if (outcome === "rejected") assert.match(ended.exception ?? "", /^Rejected: /);
      const dataset = datasetId ?? "d-bordereau-premium";
      assert.deepEqual(ended.started, startsRun ? [{ DatasetID: dataset }] : []);
      assert.doesNotMatch(`${ended.output}${ended.exception}`, /client-secret-1|token-1|wrong"/);
    });
  }

  const event = runbookCases[0] as RunbookCase;

  it("sends its job id with every request to the factory", async () => {
    assert.deepEqual((await play(event)).jobIds, [caseJobId]);
  });

  it("refuses a parameter that the script does not have", async () => {
    const ended = await play({ ...event, parameters: { DatasetId: "x" } });
    assert.match(
      ended.exception ?? "",
      /A parameter cannot be found that matches parameter name 'DatasetId'/,
    );
  });
});

describe("runbooks/cases.json", () => {
  it("names every case once", () => {
    assert.equal(new Set(runbookCases.map(({ name }) => name)).size, runbookCases.length);
  });

  it("is ASCII: Windows PowerShell reads files and pipes in the machine's code page", () => {
    assert.ok(fs.readFileSync(casesFile).every((byte) => byte < 0x80));
  });
});
