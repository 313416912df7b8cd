import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { runsOf, type Situation, subjectsOf } from "./support/github-model";
import { gitHubParser } from "./support/github-parser";
import { workflows } from "./support/workflow-files";

/** What is expected of a situation: by run, its group and its jobs as `job: rights [environment] [refused]`. */
interface Row {
  readonly name: string;
  readonly when: Situation;
  readonly then: Readonly<Record<string, unknown>>;
}

const rows = parse(
  readFileSync(join(__dirname, "fixtures/pipelines/github-events.yml"), "utf8"),
) as readonly Row[];

/** The suites of ci.yml are one word in the table. */
const suites = ["test", "sql-server-databases", "runbook", "bundle", "ci"];

describe("what GitHub runs for each event, and with which rights", () => {
  for (const { name, when, then } of rows)
    it(name, async () => {
      const found = (await runsOf(when)).map(({ file, group, cancels, jobs }) => {
        const shown = jobs.map(({ job, rights, environment, refused }) =>
          [
            `${job.slice(file.length + 1)}:`,
            rights.join(" ") || "nothing",
            ...(environment === undefined ? [] : [`in ${environment}`]),
            ...(refused ? ["refused"] : []),
          ].join(" "),
        );
        return [file, { group: `${group}${cancels ? ", cancels" : ""}`, jobs: withoutSuites(shown) }];
      });
      assert.deepEqual(Object.fromEntries(found), then);
    });

  it("signs in to Azure only with an environment's subject, in both of its forms", async () => {
    const subjects = new Set<string>();
    for (const { when } of rows)
      for (const { jobs } of await runsOf(when))
        for (const job of jobs.filter(({ rights, refused }) => rights.includes("id-token:write") && !refused))
          for (const subject of subjectsOf(when, job)) subjects.add(subject);
    const expected = ["canary", "drift", "general", "preview"].flatMap((environment) => [
      `repo:acme/data:environment:${environment}`,
      `repo:acme@11/data@22:environment:${environment}`,
    ]);
    assert.deepEqual([...subjects].sort(), expected.sort());
  });

  it("has a row for every workflow that an event starts", async () => {
    const seen = new Set(
      (await Promise.all(rows.map(({ when }) => runsOf(when)))).flat().map(({ file }) => file),
    );
    const started = workflows.filter(({ on }) => Object.keys(on).some((event) => event !== "workflow_call"));
    assert.deepEqual(
      [...seen].sort(),
      started.map(({ file }) => file),
    );
  });
});

describe("the workflows in GitHub's own parser", () => {
  const mistakes = gitHubParser();
  for (const { file, text } of workflows)
    it(`${file} has no mistake`, async () => assert.deepEqual(await mistakes(file, text), []));

  it("has an unknown key for a mistake", async () => {
    const [{ text = "" } = {}] = workflows.filter(({ file }) => file === "deploy.yml");
    const found = await mistakes("deploy.yml", text.replace("queue: max", "queues: max"));
    assert.match(found.join("\n"), /queues/);
  });
});

/** Folds the suites to `suites`, if all of them run with what they need only: reading the code. */
function withoutSuites(jobs: readonly string[]): string[] {
  for (const prefix of ["", "test/"]) {
    const own = suites.map((job) => `${prefix}${job}: ${job === "ci" ? "nothing" : "contents:read"}`);
    if (own.every((job) => jobs.includes(job)))
      return [`${prefix}suites`, ...jobs.filter((job) => !own.includes(job))];
  }
  return [...jobs];
}
