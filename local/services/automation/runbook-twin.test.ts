import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { runTwin } from "./runbook-twin";
import { type FactoryScript, startFakeFactory } from "./test-factory";

interface Case {
  readonly name: string;
  readonly webhookData?: unknown;
  readonly variables?: Record<string, string | null>;
  readonly credentials?: Record<string, { userName: string; password: string }>;
  readonly identity?: boolean;
  readonly factory?: FactoryScript;
  readonly expect: {
    readonly outcome: "started" | "ignored" | "rejected" | "failed";
    readonly message: string;
    readonly datasetId?: string;
    readonly startsRun?: boolean;
  };
}

const file = path.join(__dirname, "../../../runbooks/cases.json");
const shared = JSON.parse(fs.readFileSync(file, "utf8")) as {
  variables: Record<string, string>;
  cases: Case[];
};

/** Runs the twin on a case; what it wrote, what it threw, and what it asked the factory. */
async function play(given: Case, parameters: Record<string, unknown> = {}) {
  const factory = await startFakeFactory(given.factory);
  const output: string[] = [];
  let exception: string | undefined;
  const variables = Object.entries({ ...shared.variables, ...given.variables }).filter(
    ([, value]) => value !== null,
  );
  try {
    await runTwin(
      {
        runbookName: "Start-QuantemplateLoad",
        content: "",
        parameters: { ...("webhookData" in given && { WebhookData: given.webhookData }), ...parameters },
        sandbox: {
          jobId: "job-1",
          variables: new Map(variables.map(([name, value]) => [name.toLowerCase(), value])),
          credentials: new Map(Object.entries(given.credentials ?? {})),
          ...(given.identity !== false && {
            identity: { endpoint: `${factory.url}/identity`, header: "h1" },
          }),
        },
        write: (_type, text) => output.push(text),
        signal: new AbortController().signal,
      },
      {
        armEndpoint: factory.url,
        loginEndpoint: factory.url,
        firstPollSeconds: 0.001,
        longestPollSeconds: 0.002,
      },
    );
  } catch (error) {
    exception = (error as Error).message;
  } finally {
    await factory.close();
  }
  return { output: output.join("\n"), exception, started: factory.started, jobIds: [...factory.jobIds] };
}

describe("the runbook's twin", () => {
  for (const given of shared.cases) {
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

  const event = shared.cases[0] as Case;

  it("sends its job id with every request to the factory", async () => {
    assert.deepEqual((await play(event)).jobIds, ["job-1"]);
  });

  it("gives up at the deadline and says that the run goes on", async () => {
    const ended = await play({ ...event, factory: { statuses: ["InProgress"] } }, { DeadlineMinutes: 0 });
    assert.match(ended.exception ?? "", /still InProgress after 0 minutes\. It goes on in Data Factory/);
  });

  it("refuses a parameter that the script does not have", async () => {
    const ended = await play(event, { DatasetId: "x" });
    assert.match(
      ended.exception ?? "",
      /A parameter cannot be found that matches parameter name 'DatasetId'/,
    );
  });
});

describe("runbooks/cases.json", () => {
  it("names every case once", () => {
    assert.equal(new Set(shared.cases.map(({ name }) => name)).size, shared.cases.length);
  });
});
