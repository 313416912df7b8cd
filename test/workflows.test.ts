import assert from "node:assert/strict";
import { type Job, type Workflow, workflows } from "./support/workflow-files";

const workflow = (file: string) => workflows.find((one) => one.file === file);
const jobsOf = ({ jobs }: Workflow): Job[] => Object.values(jobs);

describe("the workflows", () => {
  it("are the expected ones", () => {
    assert.deepEqual(
      workflows.map(({ file }) => file),
      [
        "ci.yml",
        "deploy-ring.yml",
        "deploy.yml",
        "drift.yml",
        "operate.yml",
        "preview-comment.yml",
        "preview.yml",
      ],
    );
  });

  for (const workflow of workflows) {
    describe(workflow.file, () => {
      it("pins every action by commit, with its version beside it", () => {
        for (const [line] of workflow.text.matchAll(/^.*\buses: (?!\.\/).*$/gm))
          assert.match(line, /uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      });

      it("grants only what each job names", () => {
        assert.deepEqual(workflow.permissions, {});
        for (const job of jobsOf(workflow)) assert.ok(job.permissions, JSON.stringify(job));
      });

      it("uses no secret but the job's own token", () => {
        assert.doesNotMatch(workflow.text, /\bsecrets\b/);
        for (const { steps = [] } of jobsOf(workflow))
          for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")))
            assert.equal(step.with?.["persist-credentials"], false);
      });

      it("runs no pull request's code with write permissions, and puts no event's text into a script", () => {
        assert.ok(!("pull_request_target" in workflow.on));
        for (const { steps = [] } of jobsOf(workflow))
          for (const { run = "" } of steps) assert.doesNotMatch(run, /\$\{\{/);
        if ("pull_request" in workflow.on)
          for (const { permissions = {} } of jobsOf(workflow))
            for (const [right, access] of Object.entries(permissions))
              assert.ok(access === "read" || right === "id-token", right);
        if ("workflow_run" in workflow.on) assert.doesNotMatch(workflow.text, /^\s+(ref|repository):/m);
      });

      it("signs in to Azure only in an environment, and never for a fork", () => {
        for (const job of jobsOf(workflow)) {
          if (job.permissions?.["id-token"] === undefined || job.uses !== undefined) continue;
          assert.ok(job.environment, "the environment is what Azure trusts");
          if ("pull_request" in workflow.on)
            assert.match(job.if ?? "", /head\.repo\.full_name == github\.repository/);
        }
      });

      it("limits concurrent runs and the time of every job", () => {
        if (!("workflow_call" in workflow.on)) assert.ok(workflow.concurrency?.group);
        for (const job of jobsOf(workflow)) assert.ok(job.uses ?? job["timeout-minutes"]);
      });
    });
  }

  it("preview every pull request either in the emulator or on Azure", () => {
    const { "stand-in": local, azure } = workflow("preview.yml")?.jobs ?? {};
    const negated = azure?.if
      ?.replaceAll("!=", "<>")
      .replaceAll("==", "!=")
      .replaceAll("<>", "==")
      .replaceAll("&&", "||");
    assert.equal(local?.if, negated);
  });

  it("forward every signal to the fleet: the step that runs it does nothing else", () => {
    const runs = workflows.flatMap((one) =>
      jobsOf(one).flatMap(({ steps = [] }) => steps.map(({ run = "" }) => run)),
    );
    const fleet = runs.filter((run) => /run-fleet|preview\.mts|with-azure/.test(run));
    assert.equal(fleet.length, 4);
    for (const run of fleet) assert.match(run, /^exec node [^\n;|&]+$/);
  });
});
