import { type Job, type Workflow, workflows } from "./workflow-files";

/** What happens in the repository `acme/data`, and what its owner has set up. */
export interface Situation {
  readonly event: "push" | "pull_request" | "merge_group" | "schedule" | "workflow_dispatch" | "workflow_run";
  /** The workflow that is dispatched, scheduled or repeated; without it, all that the event starts. */
  readonly workflow?: string;
  /** The branch that the run is of. Default: main. */
  readonly branch?: string;
  /** `github.event` without the event's own fields below. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** The user who started it. Default: a person. */
  readonly actor?: string;
  /** Conclusions of jobs, by `workflow/job`, and their outputs. Default: success, without outputs. */
  readonly results?: Readonly<Record<string, "success" | "failure" | "cancelled">>;
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The environments' allowed branches. Without an entry: every branch, as where a plan has no environments. */
  readonly environments?: Readonly<Record<string, readonly string[]>>;
}

/** A job that runs. */
export interface JobRun {
  /** `deploy.yml/canary/up`: the workflow, the job and, for a called workflow, its job. */
  readonly job: string;
  /** What its token may do: `contents:read`. */
  readonly rights: readonly string[];
  readonly environment?: string;
  /** `refused` if the environment does not take this branch: the job fails before its first step. */
  readonly refused?: true;
}

export interface WorkflowRun {
  readonly file: string;
  /** The concurrency group and whether a newer run cancels this one. */
  readonly group?: string;
  readonly cancels: boolean;
  readonly jobs: readonly JobRun[];
}

type Expressions = typeof import("@actions/expressions", { with: { "resolution-mode": "import" }});
type Value = import("@actions/expressions", { with: { "resolution-mode": "import" }}).data.ExpressionData;
type Conclusion = "success" | "failure" | "cancelled" | "skipped";

/** The two forms of an OpenID Connect subject: by names, and with ids for repositories made, renamed or moved since 2026-07-15. */
export function subjectsOf(situation: Situation, { environment }: JobRun): readonly string[] {
  const what =
    environment !== undefined
      ? `environment:${environment}`
      : situation.event === "pull_request"
        ? "pull_request"
        : `ref:refs/heads/${situation.branch ?? "main"}`;
  return [`repo:acme/data:${what}`, `repo:acme@11/data@22:${what}`];
}

/**
 * Which workflows and jobs GitHub runs. Conditions are evaluated by GitHub's own library. The rules around them are of these pages:
 * docs.github.com/actions/reference/workflows-and-actions/workflow-syntax (`needs`, `if`, `permissions` of a called workflow),
 * …/events-that-trigger-workflows, …/security/securely-using-pull_request (forks and Dependabot get a token that only reads, and none
 * of OpenID Connect), …/deployment/manage-environments (branches).
 */
export async function runsOf(situation: Situation): Promise<WorkflowRun[]> {
  const library = await import("@actions/expressions");
  return workflows
    .filter((workflow) => isStarted(workflow, situation))
    .map((workflow) => {
      const evaluate = evaluator(library, contextsOf(situation));
      const { group, "cancel-in-progress": cancels = false } = workflow.concurrency ?? {};
      return {
        file: workflow.file,
        ...(group === undefined ? {} : { group: interpolated(group, evaluate) }),
        cancels,
        jobs: jobsOf(library, workflow, situation, workflow.file, situation.inputs ?? {}),
      };
    });
}

function isStarted({ file, on }: Workflow, { event, workflow, branch = "main" }: Situation): boolean {
  if (!(event in on) || (workflow !== undefined && workflow !== file)) return false;
  const { branches } = (on[event] ?? {}) as { branches?: readonly string[] };
  return event !== "push" || branches === undefined || branches.includes(branch);
}

function contextsOf(situation: Situation): Record<string, unknown> {
  const { event, branch = "main", payload = {}, vars = {}, actor = "person", inputs = {} } = situation;
  const ref = event === "pull_request" ? "refs/pull/7/merge" : `refs/heads/${branch}`;
  return {
    github: {
      ...{ event_name: event, ref, repository: "acme/data", actor, run_id: "99", run_attempt: "1" },
      event: { ...payload, inputs },
    },
    vars,
    inputs,
  };
}

/** The jobs that run, in the order of the file, with what a job needs before it. */
function jobsOf(
  library: Expressions,
  workflow: Workflow,
  situation: Situation,
  place: string,
  inputs: Readonly<Record<string, unknown>>,
  granted?: Readonly<Record<string, string>>,
): JobRun[] {
  const ended = new Map<string, Conclusion>();
  return Object.entries(workflow.jobs).flatMap(([name, job]) => {
    const here = `${place}/${name}`;
    const needed = [job.needs ?? []].flat();
    const needs = Object.fromEntries(
      needed.map((one) => [
        one,
        { result: ended.get(one), outputs: situation.outputs?.[`${place}/${one}`] ?? {} },
      ]),
    );
    const contexts = { ...contextsOf(situation), inputs, needs };
    const evaluate = evaluator(
      library,
      contexts,
      needed.map((one) => ended.get(one) ?? "skipped"),
    );
    if (!isTrue(library, evaluate(conditionOf(job)))) {
      ended.set(name, "skipped");
      return [];
    }
    const rights = { ...job.permissions };
    if (granted !== undefined)
      for (const [right, access] of Object.entries(rights))
        if (granted[right] !== access && granted[right] !== "write")
          throw new Error(`${here} asks for ${right}: ${access}, more than its caller gives`);
    const runs = runsOfJob(library, job, situation, here, rights, evaluate);
    const own = [here, ...runs.map(({ job: inner }) => inner)].flatMap(
      (one) => situation.results?.[one] ?? [],
    );
    const isRefused = runs.some(({ refused }) => refused);
    ended.set(name, isRefused ? "failure" : (own.find((one) => one !== "success") ?? "success"));
    return runs;
  });
}

function runsOfJob(
  library: Expressions,
  job: Job,
  situation: Situation,
  here: string,
  rights: Readonly<Record<string, string>>,
  evaluate: Evaluate,
): JobRun[] {
  if (job.uses !== undefined) {
    const called = workflows.find(({ file }) => job.uses?.endsWith(`/${file}`));
    if (called === undefined) throw new Error(`${here} calls ${job.uses}`);
    const given = Object.entries(job.with ?? {}).map(([key, value]) => [
      key,
      typeof value === "string" ? interpolated(value, evaluate) : value,
    ]);
    const { inputs = {} } = (called.on.workflow_call ?? {}) as {
      inputs?: Readonly<Record<string, { readonly default?: unknown }>>;
    };
    const defaults = Object.entries(inputs).map(([key, one]) => [key, one.default ?? ""]);
    return jobsOf(
      library,
      called,
      situation,
      here,
      { ...Object.fromEntries(defaults), ...Object.fromEntries(given) },
      rights,
    );
  }
  const environment = job.environment === undefined ? undefined : interpolated(job.environment, evaluate);
  const { branch = "main", environments = {}, event } = situation;
  const allowed = environment === undefined ? undefined : environments[environment];
  // A pull request's ref is refs/pull/…, which no rule for branches matches.
  const isRefused = allowed !== undefined && (event === "pull_request" || !allowed.includes(branch));
  return [
    {
      job: here,
      rights: tokenRights(situation, rights),
      ...(environment === undefined ? {} : { environment }),
      ...(isRefused ? { refused: true as const } : {}),
    },
  ];
}

function tokenRights(situation: Situation, rights: Readonly<Record<string, string>>): string[] {
  const { pull_request } = (situation.payload ?? {}) as {
    pull_request?: { readonly head: { readonly repo: { readonly full_name: string } } };
  };
  const isFork = pull_request !== undefined && pull_request.head.repo.full_name !== "acme/data";
  const onlyReads = situation.event === "pull_request" && (isFork || situation.actor === "dependabot[bot]");
  return Object.entries(rights).flatMap(([right, access]) =>
    !onlyReads ? [`${right}:${access}`] : right === "id-token" ? [] : [`${right}:read`],
  );
}

/** GitHub puts `success()` before a condition that asks for no status. */
function conditionOf({ if: condition = "success()" }: Job): string {
  const bare = condition.replace(/^\$\{\{([\s\S]*)\}\}$/, "$1").trim();
  return /\b(success|always|cancelled|failure)\(/.test(bare) ? bare : `success() && (${bare})`;
}

type Evaluate = (expression: string) => Value;

function evaluator(
  { Lexer, Parser, Evaluator, data: kinds }: Expressions,
  contexts: Readonly<Record<string, unknown>>,
  needed: readonly Conclusion[] = [],
): Evaluate {
  const status = (name: string, value: boolean) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new kinds.BooleanData(value),
  });
  const functions = [
    status(
      "success",
      needed.every((one) => one === "success"),
    ),
    status("failure", needed.includes("failure")),
    status("cancelled", false),
    status("always", true),
  ];
  const values = JSON.parse(JSON.stringify(contexts), kinds.reviver) as InstanceType<typeof kinds.Dictionary>;
  return (expression) => {
    const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), functions).parse();
    return new Evaluator(tree, values, new Map(functions.map((one) => [one.name, one]))).evaluate();
  };
}

function interpolated(text: string, evaluate: Evaluate): string {
  return text.replace(/\$\{\{([\s\S]*?)\}\}/g, (_, expression: string) =>
    evaluate(expression.trim()).coerceString(),
  );
}

function isTrue({ data: kinds }: Expressions, value: Value): boolean {
  if (value.kind === kinds.Kind.Boolean) return (value as InstanceType<typeof kinds.BooleanData>).value;
  if (value.kind === kinds.Kind.Null) return false;
  return value.coerceString() !== "" && value.number() !== 0;
}
