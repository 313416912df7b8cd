import assert from "node:assert/strict";
import fs from "node:fs";
import { playTwin } from "./cases/case-twin";
import { caseScript } from "./cases/runbook-case-server";
import { caseJobId, caseProblems, casesFile, type RunbookCase, runbookCases } from "./cases/runbook-cases";
import { scriptDefaults } from "./twin-parameters";

describe("the runbook's twin", () => {
  for (const given of runbookCases.filter(({ azure }) => !azure)) {
    it(`${given.expect.outcome}: ${given.name}`, async () => {
      const { ended, factory } = await playTwin(given);
      assert.deepEqual(caseProblems(given, ended, factory), []);
    });
  }

  const event = runbookCases[0] as RunbookCase;

  it("sends its job id with every request to the factory", async () => {
    assert.deepEqual([...(await playTwin(event)).factory.jobIds], [caseJobId]);
  });

  it("has the script's parameters and their defaults", () => {
    const block = /^param\(([\s\S]*?)^\)/m.exec(fs.readFileSync(caseScript, "utf8"))?.[1] ?? "";
    const declared = [...block.matchAll(/\$(\w+) = (?:'([^']*)'|([^,\s]+))/g)].map(
      ([, name, text, number]) => [name, text ?? number],
    );
    assert.deepEqual(
      declared,
      Object.entries(scriptDefaults).map(([name, value]) => [name, String(value)]),
    );
  });
});

describe("runbooks/cases.json", () => {
  it("gives every case its own name", () => {
    assert.equal(new Set(runbookCases.map(({ name }) => name)).size, runbookCases.length);
  });

  it("gives a failure for every failed case and for no other", () => {
    for (const { name, expect } of runbookCases) {
      const completes = expect.outcome === "started" || expect.outcome === "ignored";
      const failures = [expect.exception, expect.message].filter((text) => text);
      assert.equal(failures.length, completes ? 0 : 1, name);
      if (expect.outcome === "rejected") assert.match(expect.exception ?? "", /^Rejected: /, name);
    }
  });

  it("is ASCII: Windows PowerShell reads files and pipes in the machine's code page", () => {
    assert.ok(fs.readFileSync(casesFile).every((byte) => byte < 0x80));
  });
});
