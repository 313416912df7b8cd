import assert from "node:assert/strict";
import fs from "node:fs";
import {
  caseJobId,
  casePace,
  caseParameters,
  caseSandbox,
  casesFile,
  comparableOutput,
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
  return { output, exception, started: factory.started, jobIds: [...factory.jobIds] };
}

describe("the runbook's twin", () => {
  for (const given of runbookCases) {
    it(`${given.expect.outcome}: ${given.name}`, async () => {
      const { outcome, output, exception, message, datasetId } = given.expect;
      const startsRun = given.expect.startsRun ?? outcome === "started";
      const ended = await play(given);
      const completes = outcome === "started" || outcome === "ignored";
      assert.deepEqual(comparableOutput(ended.output), output);
      if (completes || exception !== undefined) assert.equal(ended.exception, exception);
      else assert.match(ended.exception ?? "", new RegExp(message ?? "", "s"));
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

  it("says how every failed case fails, and of no other", () => {
    for (const { name, expect } of runbookCases) {
      const completes = expect.outcome === "started" || expect.outcome === "ignored";
      const told = [expect.exception, expect.message].filter((text) => text);
      assert.equal(told.length, completes ? 0 : 1, name);
      if (expect.outcome === "rejected") assert.match(expect.exception ?? "", /^Rejected: /, name);
    }
  });

  it("is ASCII: Windows PowerShell reads files and pipes in the machine's code page", () => {
    assert.ok(fs.readFileSync(casesFile).every((byte) => byte < 0x80));
  });
});
