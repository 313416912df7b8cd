import { QtError } from "../../errors/qt-error";
import { type DoorOptions, openDoor } from "./door";
import { type PlanOptions, planOf } from "./plan";
import { makeAndSee, type Setup, type SetupStep } from "./step";
import { setupSteps } from "./steps";
import { secretsProviderOf } from "./steps/encryption-key";
import { type Trial, tryIdentities } from "./try-identities";

export interface SetupRun {
  /** Folder of the project. */
  readonly root: string;
  /** False: it only looks. */
  readonly makes: boolean;
  readonly json: boolean;
  readonly plan: PlanOptions;
  readonly door: DoorOptions;
  /** Called before each step, for who records requests. */
  onStep?(title: string): void;
  print(line: string): void;
}

/** What a step found and did. */
export interface StepResult {
  readonly step: string;
  /** What was missing before. */
  readonly missing: readonly string[];
  readonly state: "there" | "made" | "missing";
  readonly commands: readonly string[];
}

/**
 * Runs the set-up.
 * @throws QtError QT9032, QT9033, QT9034, QT9036, QT1201; what was made before stays
 */
export async function runSetup(run: SetupRun): Promise<readonly StepResult[]> {
  const plan = planOf(run.plan);
  const setup: Setup = {
    plan,
    root: run.root,
    door: await openDoor(run.door),
    found: { identities: new Map(), roles: new Map() },
  };
  const say = (line: string) => {
    if (!run.json) run.print(line);
  };
  const results: StepResult[] = [];
  for (const step of setupSteps(plan)) {
    run.onStep?.(step.title);
    results.push(await runStep(step, setup, run.makes, say));
  }
  run.onStep?.("Check");
  const trials = run.makes ? await tryIdentities(setup) : [];
  for (const { identity, tried, failure } of trials)
    say(failure === undefined ? `✓ ${identity} ${tried}` : `✗ ${identity} ${tried}: ${failure}`);
  const next = nextOf(setup, results);
  if (run.json) run.print(JSON.stringify({ steps: results, trials, next }, null, 2));
  else for (const line of ["", "Next:", ...next.map((text) => `  ${text}`)]) say(line);
  refuseFailures(trials);
  return results;
}

async function runStep(
  step: SetupStep,
  setup: Setup,
  makes: boolean,
  say: (line: string) => void,
): Promise<StepResult> {
  const missing = await step.look(setup);
  const commands = await step.command(setup);
  if (missing.length === 0) {
    say(`✓ ${step.title}`);
    return { step: step.title, missing, state: "there", commands };
  }
  for (const line of [
    `${makes ? "…" : "✗"} ${step.title}: missing ${missing.join(", ")}`,
    `    makes  ${step.what}`,
    `    right  ${step.right}`,
    `    cost   ${step.cost}`,
  ])
    say(line);
  if (!makes) {
    for (const command of commands) say(`    ${command}`);
    return { step: step.title, missing, state: "missing", commands };
  }
  await makeAndSee(step, setup);
  say(`✓ ${step.title}: made`);
  return { step: step.title, missing, state: "made", commands };
}

function nextOf({ found }: Setup, results: readonly StepResult[]): string[] {
  if (results.some(({ state }) => state === "missing"))
    return ["Run the same command with --yes, or have the commands above run by who has the rights."];
  const key = found.keyId === undefined ? "<key>" : secretsProviderOf(found.keyId);
  return [
    "git add Pulumi.yaml && git commit -m 'Name the backend and the administrators'",
    `npm run tenant -- new <tenant> --secrets-provider ${key}`,
    "git push, and open a pull request: its preview runs as the identity that reads",
  ];
}

function refuseFailures(trials: readonly Trial[]): void {
  const failed = trials.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) return;
  throw new QtError("QT9036", {
    failures: failed.map(({ identity, tried, failure }) => `${identity} ${tried}: ${failure}`).join("; "),
  });
}
