import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../local/commands/places";
import { type Job, type Workflow, workflows } from "./support/workflow-files";

const azurePipelines = readFileSync(join(projectRoot, "azure-pipelines.yml"), "utf8");
const scripts = globSync("scripts/ci/*", { cwd: projectRoot });
const jobsOf = ({ jobs }: Workflow): Job[] => Object.values(jobs);

describe("the workflows", () => {
  it("are those that are meant to be", () => {
    assert.deepEqual(
      workflows.map(({ file }) => file),
      ["ci.yml", "deploy-ring.yml", "deploy.yml", "drift.yml", "preview-comment.yml", "preview.yml"],
    );
  });

  for (const workflow of workflows) {
    describe(workflow.file, () => {
      it("pins every action by commit, with its version beside it", () => {
        for (const [line] of workflow.text.matchAll(/^.*\buses: (?!\.\/).*$/gm))
          assert.match(line, /uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      });

      it("grants nothing but what each job names", () => {
        assert.deepEqual(workflow.permissions, {});
        for (const job of jobsOf(workflow)) assert.ok(job.permissions, JSON.stringify(job));
      });

      it("knows no secret but the job's own token", () => {
        assert.doesNotMatch(workflow.text, /\bsecrets\b/);
        for (const { steps = [] } of jobsOf(workflow))
          for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")))
            assert.equal(step.with?.["persist-credentials"], false);
      });

      it("runs no pull request's code with rights, and puts no event's text into a script", () => {
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

      it("says when runs exclude each other, and when they have gone on too long", () => {
        if (!("workflow_call" in workflow.on)) assert.ok(workflow.concurrency?.group);
        for (const job of jobsOf(workflow)) assert.ok(job.uses ?? job["timeout-minutes"]);
      });
    });
  }

  it("preview every pull request either in the stand-in or on Azure", () => {
    const { "stand-in": local, azure } = workflows.find(({ file }) => file === "preview.yml")?.jobs ?? {};
    const negated = azure?.if
      ?.replace("!=", "<>")
      .replace("==", "!=")
      .replace("<>", "==")
      .replace("&&", "||");
    assert.equal(local?.if, negated);
  });
});

describe("azure-pipelines.yml", () => {
  it("has the same stages, each deployment in an environment", () => {
    const { stages } = parse(azurePipelines) as {
      stages: { stage: string; jobs: { environment?: string; timeoutInMinutes?: number }[] }[];
    };
    assert.deepEqual(
      stages.map(({ stage }) => stage),
      ["test", "preview", "canary", "general", "drift"],
    );
    for (const { stage, jobs } of stages) {
      for (const job of jobs) assert.ok(job.timeoutInMinutes, stage);
      if (stage === "canary" || stage === "general") assert.equal(jobs[0]?.environment, stage);
    }
  });

  it("puts no variable of the pipeline into a script, and names no secret", () => {
    assert.doesNotMatch(azurePipelines, /secret/i);
    const scriptsIn = (value: unknown): string[] =>
      value === null || typeof value !== "object"
        ? []
        : Object.entries(value).flatMap(([key, inner]) =>
            ["script", "bash", "inlineScript"].includes(key) && typeof inner === "string"
              ? [inner]
              : scriptsIn(inner),
          );
    const found = scriptsIn(parse(azurePipelines));
    assert.ok(found.length >= 10, String(found.length));
    for (const script of found) assert.doesNotMatch(script, /\$\([\w.]+\)|\$\{\{|\$\[/, script);
  });
});

describe("scripts/ci", () => {
  const used = [...workflows.map(({ text }) => text), azurePipelines].join("\n");

  it("has nothing that no pipeline and no other script uses", () => {
    const sources = scripts.map((file) => readFileSync(join(projectRoot, file), "utf8")).join("\n");
    for (const file of scripts) {
      const name = file.split("/").at(-1) ?? "";
      assert.ok(used.includes(`scripts/ci/${name}`) || sources.includes(`"./${name}"`), file);
    }
  });

  it("has everything that a pipeline uses", () => {
    for (const [path] of used.matchAll(/scripts\/[\w/.-]+\.\w+/g))
      assert.ok(existsSync(join(projectRoot, path)), path);
  });
});
