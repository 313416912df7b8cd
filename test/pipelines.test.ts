import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../local/places";
import { azurePipeline, azureStepsOf, azureText } from "./support/azure-pipelines";
import { type Job, workflows } from "./support/workflow-files";

const scripts = globSync("scripts/ci/*", { cwd: projectRoot });
const workflow = (file: string) => workflows.find((one) => one.file === file);
const table = (name: string): unknown =>
  parse(readFileSync(join(__dirname, "fixtures/pipelines", name), "utf8"));
/** Drops undefined members. */
const known = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("what GitHub Actions runs, when and as whom", () => {
  const decided = ({ needs, if: when, environment, permissions, uses, with: given, outputs }: Job) => ({
    ...{ needs, if: when, environment, permissions, uses, with: given, outputs },
  });

  for (const { file, on, concurrency, jobs } of workflows)
    it(file, () => {
      const found = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, decided(job)]));
      const expected = (table("github-actions.yml") as Record<string, unknown>)[file];
      assert.deepEqual(known({ on, concurrency, jobs: found }), expected);
    });

  it("fetches as much history as each step needs", () => {
    const depths = workflows.flatMap(({ file, jobs }) =>
      Object.entries(jobs).flatMap(([job, { steps = [] }]) =>
        steps.flatMap(({ with: given }) =>
          given && "fetch-depth" in given ? [`${file} ${job} ${given["fetch-depth"]}`] : [],
        ),
      ),
    );
    assert.deepEqual(depths, ["deploy-ring.yml run 0", "preview.yml stand-in 2", "preview.yml azure 2"]);
  });

  it("always refuses an older program before anything is deployed", () => {
    const azure = azurePipeline("azureDeploy").stages.filter(({ stage }) => /canary|general/.test(stage));
    const steps = [
      (workflow("deploy-ring.yml")?.jobs.run?.steps ?? []).map(({ name, ...step }) => ({ name, ...step })),
      ...azure.flatMap(({ jobs }) => jobs.map((job) => azureStepsOf(job))),
    ].map((list) =>
      list.map((step) => {
        const name = "displayName" in step ? step.displayName : "name" in step ? step.name : undefined;
        const isConditional =
          ("if" in step && step.if) || ("condition" in step && step.condition) || "continue-on-error" in step;
        return isConditional ? undefined : name;
      }),
    );
    assert.equal(steps.length, 3);
    for (const names of steps) {
      const refused = names.indexOf("Refuse an older program");
      assert.ok(refused > 0 && refused < names.indexOf("Deploy"), String(names));
    }
  });

  it("drift.yml continues after drift to the artifact and the issue, and fails at the end if it must", () => {
    const { look } = workflow("drift.yml")?.jobs ?? {};
    const steps = look?.steps?.filter(({ name, uses }) => name || uses?.includes("upload"));
    assert.deepEqual(
      steps?.map(({ name, id, if: when, "continue-on-error": goesOn }) => [name, id, when, goesOn]),
      [
        ["Drift", "drift", undefined, true],
        [undefined, undefined, undefined, undefined],
        ["Fail unless every tenant was checked", undefined, undefined, undefined],
      ],
    );
  });

  it("preview-comment.yml downloads the artifact to a folder from which nothing is run", () => {
    const steps = workflow("preview-comment.yml")?.jobs.comment?.steps;
    const download = steps?.find(({ uses }) => uses?.startsWith("actions/download-artifact@"));
    assert.match(String(download?.with?.path), /^\$\{\{ runner\.temp \}\}\/preview$/);
    assert.equal(download?.["continue-on-error"], true);
    assert.equal(steps?.at(-1)?.run, 'node scripts/ci/preview-comment.mts "$RUNNER_TEMP/preview"');
  });
});

describe("azure-pipelines.yml", () => {
  /** Everything that decides when a job runs, as whom and on what. */
  const decided = (...parameters: string[]): unknown =>
    known(
      azurePipeline(...parameters).stages.map(({ stage, dependsOn, condition, jobs }) => ({
        ...{ stage, dependsOn, condition },
        jobs: jobs.map((one) => {
          const steps = azureStepsOf(one);
          const connections = steps.flatMap(({ inputs = {} }) => inputs.azureSubscription ?? []);
          const [tenants] = steps.flatMap(({ env = {} }) => env.TENANTS ?? []);
          const { job, deployment, condition: when, environment } = one;
          return {
            ...{ job, deployment, condition: when, environment, tenants },
            ...(connections.length > 0 && { connections }),
          };
        }),
      })),
    );

  it("names no service connection, and deploys nothing, until the parameters enable it", () => {
    for (const { type, default: value } of azurePipeline().parameters)
      assert.deepEqual([type, value], ["boolean", false]);
    const stages = azurePipeline().stages.map(({ stage, jobs }) => [stage, ...jobs.map(({ job }) => job)]);
    assert.deepEqual(stages, [
      ["test", "suites", "long_suites", "sql_server", "runbook", "bundle"],
      ["preview", "stand_in"],
    ]);
    assert.equal(
      azurePipeline().stages[1]?.jobs[0]?.condition,
      undefined,
      "the emulator previews every pull request",
    );
  });

  it("has the expected jobs, conditions and identities", () => {
    assert.deepEqual(decided("azurePreview", "azureDeploy"), table("azure-pipelines.yml"));
    assert.equal(azurePipeline().lockBehavior, "sequential");
    assert.deepEqual(azurePipeline().trigger, { branches: { include: ["main"] } });
  });

  const everyJob = azurePipeline("azurePreview", "azureDeploy").stages.flatMap(({ jobs }) => jobs);
  const everyStep = everyJob.flatMap(azureStepsOf);

  it("limits the time of every job", () => {
    for (const one of everyJob) assert.ok(one.timeoutInMinutes, one.job);
  });

  it("fetches as much history as each step needs", () => {
    assert.deepEqual(
      everyStep.filter(({ checkout }) => checkout).map(({ fetchDepth }) => fetchDepth),
      [2, 2, 0, 0],
    );
  });

  it("publishes under a new name at each attempt, and only if there is something to publish", () => {
    const published = everyStep.filter(({ publish }) => publish);
    assert.equal(published.length, 5);
    for (const { artifact, condition } of published) {
      assert.match(artifact ?? "", /^[a-z-]+-\$\(System\.StageAttempt\)-\$\(System\.JobAttempt\)$/);
      assert.equal(condition, "and(succeededOrFailed(), eq(variables.hasSummary, 'true'))");
    }
  });

  it("runs the fleet in Bash tasks, which forward signals, with `exec` and nothing else", () => {
    const fleet = everyStep.filter((step) => /run-fleet|preview\.mts|with-azure/.test(JSON.stringify(step)));
    assert.equal(fleet.length, 5);
    for (const { bash } of fleet) assert.match(bash ?? "", /^exec node [^\n;|&]+$/);
  });

  it("puts no variable of the pipeline into a script, and names no secret", () => {
    assert.doesNotMatch(azureText, /secret(?!: only this machine reaches)/i);
    const found = everyStep.flatMap(({ script, bash, inputs = {} }) => [
      ...[script, bash, inputs.script, inputs.inlineScript].filter((one) => typeof one === "string"),
    ]);
    assert.ok(found.length >= 15, String(found.length));
    // Whatever the name: Azure Pipelines substitutes variables before bash sees the script.
    for (const script of found) assert.doesNotMatch(script, /\$\(|\$\{\{|\$\[/, script);
  });
});

describe("the suites on SQL Server", () => {
  const ci = workflow("ci.yml")?.jobs ?? {};
  const github = ci["sql-server-databases"]?.strategy?.matrix.collation ?? [];

  it("run in the same collations on both services, among them UTF-8 and a case-sensitive one", () => {
    const { jobs } = azurePipeline().stages[0] ?? {};
    const matrix = jobs?.find(({ job }) => job === "sql_server")?.strategy?.matrix ?? {};
    assert.deepEqual(
      Object.values(matrix).map(({ collation }) => collation),
      github,
    );
    assert.match(github.join(" "), /\w+_CI_AS .*_UTF8 .*_CS_AS/);
  });
});

describe("the files that the pipelines name", () => {
  const used = [...workflows.map(({ text }) => text), azureText].join("\n");
  const sources = scripts.map((file) => readFileSync(join(projectRoot, file), "utf8")).join("\n");
  const everything = `${used}\n${sources}`;

  it("include every script in scripts/ci", () => {
    for (const file of scripts) {
      const name = file.split("/").at(-1) ?? "";
      assert.ok(used.includes(`scripts/ci/${name}`) || sources.includes(`"./${name}"`), file);
    }
  });

  it("exist, and so do the scripts of package.json", () => {
    const files = [...everything.matchAll(/(?<![\w/.-])(?:scripts|fleet|docs)\/[\w/.-]+\.\w+/g)].map(
      ([path]) => path,
    );
    assert.ok(files.length > 10);
    for (const path of files) assert.ok(existsSync(join(projectRoot, path)), path);
    const { scripts: known } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const runs = [...everything.matchAll(/\bnpm (?:run (?:--?[\w-]+ )*)?([a-z][\w:]*)/g)].map(
      ([, name = ""]) => name,
    );
    assert.ok(runs.includes("test") && runs.includes("test:sqlserver"), String(runs));
    for (const name of runs) assert.ok(name in known, name);
  });
});
