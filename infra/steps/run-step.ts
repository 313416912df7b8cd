import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { runtime } from "@pulumi/pulumi";
import { QtError } from "../../errors/qt-error";
import { reasonOf } from "../../packages/kit/reason-of";
import { refuseOldNode } from "../node-version";
import { explainRefusals } from "../roles/missing-right";
import { ArmCallError, type AzureSession, createAzureSession } from "./azure-session";
import { refuseUnknownWay, type SignInEnvironment } from "./credential";
import { type StepName, steps } from "./registry";
import { type StackConfig, signInEnvironment } from "./sign-in-environment";
import { NotSeen, type Outcome, type StepDefinition } from "./step-definition";

/** The state that the engine keeps of a step. */
interface StepState extends Outcome<unknown, unknown> {
  readonly step: StepName;
  readonly inputs: Readonly<Record<string, unknown>>;
}

type AnyStep = StepDefinition<Readonly<Record<string, unknown>>, unknown, unknown>;

/** Of the process, with the stack's settings once they are known. Never part of a step's inputs, so no state holds it, and no diff shows it. */
let environment: SignInEnvironment = process.env;
let session: AzureSession | undefined;

/** One sign-in for all steps of a deployment. */
const azure = () => {
  session ??= createAzureSession(environment);
  return session;
};

/**
 * Takes over who signs in. The engine gives a provider's process the stack's whole configuration before its first step. A state that an
 * earlier version of the program wrote does not call this; its steps then sign in as the environment says until they run again.
 */
export async function configure(config: StackConfig): Promise<void> {
  environment = signInEnvironment(config, process.env);
}

/** Refuses what {@link refusalsOf} does, and lets the step look at Azure, which may refuse the inputs too. */
export async function check(olds: Partial<StepState> | undefined, news: StepState) {
  const failures = refusalsOf(olds, news);
  if (failures.length === 0) notify(news, olds?.inputs);
  // Another version of the program may have steps that this one has not.
  const observe = Object.hasOwn(steps, news.step) ? definition(news.step).observe : undefined;
  if (failures.length > 0 || observe === undefined || hasUnknown(news.inputs))
    return { inputs: news, failures };
  try {
    return { inputs: { ...news, inputs: await observe(news.inputs, azure()) }, failures };
  } catch (error) {
    return { inputs: news, failures: [failureOf(error)] };
  }
}

/**
 * Refuses a sign-in that steps cannot share with azure-native, and lets the step refuse inputs before it runs. The inputs of a step that
 * never ran, or that will be replaced, are not checked.
 */
export function refusalsOf(olds: Partial<StepState> | undefined, news: StepState): Failure[] {
  return [
    ...refusals(() => refuseUnknownWay(environment)),
    ...refusals(() => refuseInputs(news, olds?.inputs)),
  ];
}

/** True if a value is one that only the deployment knows. */
function hasUnknown(inputs: StepState["inputs"]): boolean {
  return JSON.stringify(inputs).includes(runtime.unknownValue);
}

function refuseInputs({ step, inputs }: StepState, previous: StepState["inputs"] | undefined): void {
  if (previous === undefined) return;
  const { check: refuse, replaceOn } = definition(step);
  const isReplaced = replaceOn?.some((key) => !isDeepStrictEqual(previous[key], inputs[key]));
  if (!isReplaced) refuse?.(inputs, previous);
}

/** Pulumi shows what a provider writes; standard output belongs to the engine, or to `--json`. */
function notify({ step, inputs }: StepState, previous: StepState["inputs"] | undefined): void {
  if (previous === undefined || !Object.hasOwn(steps, step)) return;
  for (const notice of definition(step).notices?.(inputs, previous) ?? [])
    process.stderr.write(`${notice}\n`);
}

/** What the engine shows of a refusal. It concerns no single property. */
interface Failure {
  readonly property: string;
  readonly reason: string;
}

function refusals(rule: () => void): Failure[] {
  try {
    rule();
    return [];
  } catch (error) {
    return [failureOf(error)];
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof QtError)) throw error;
  return { property: "", reason: explained(error.format()) };
}

/** Compares only inputs: neither a step's code nor its outcome counts as a change. */
export async function diff(olds: StepState, news: StepState) {
  const keys = [...new Set([...Object.keys(olds.inputs ?? {}), ...Object.keys(news.inputs ?? {})])];
  const changed = keys.filter((key) => !isDeepStrictEqual(olds.inputs?.[key], news.inputs?.[key]));
  const { replaceOn } = definition(news.step);
  const replaces = changed.some((key) => replaceOn?.includes(key)) ? ["inputs"] : [];
  return { changes: changed.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create({ step, inputs }: StepState) {
  const outcome = await withFormattedErrors(step, () => definition(step).ensure(inputs, azure()));
  return { id: `${step}-${randomUUID()}`, outs: { step, inputs, ...outcome } };
}

export async function update(olds: StepState, { step, inputs }: StepState) {
  const outcome = await withFormattedErrors(step, () => definition(step).ensure(inputs, azure(), olds));
  return { outs: { step, inputs, ...outcome } };
}

/**
 * What a refresh finds: the state with the inputs that would make what is live. A state that the program wrote before steps had `read`
 * comes back unchanged, because the engine calls the provider in the state.
 */
export async function read(id: string, state: StepState) {
  const live = await seen(state);
  if (live === undefined) return { id: "", props: {} };
  const { step } = state;
  return { id, props: { ...state, inputs: live }, inputs: { step, inputs: live } };
}

/** @returns undefined if it is gone; the inputs of the state if it has no `read`, or if that cannot look. */
async function seen(state: StepState): Promise<StepState["inputs"] | undefined> {
  const { step, inputs } = state;
  const { read } = definition(step);
  if (!read) return inputs;
  // A refresh runs no program, which would have refused it.
  await withFormattedErrors(step, async () => refuseOldNode());
  try {
    return await read(inputs, azure(), state);
  } catch (error) {
    const refused = error instanceof ArmCallError && [401, 403].includes(error.status);
    if (!refused && !(error instanceof NotSeen))
      return withFormattedErrors(step, () => Promise.reject(error));
    const unseen = new QtError("QT1210", { step, reason: reasonOf(error) });
    // Standard output belongs to the engine, or to `--json`.
    process.stderr.write(`${explained(unseen.format())}\n`);
    return inputs;
  }
}

export async function remove(state: StepState): Promise<void> {
  const { remove } = definition(state.step);
  if (remove) await withFormattedErrors(state.step, () => remove(state.inputs, azure(), state));
}

/** The registry has each step's types; the engine knows none, so they are dropped here. */
function definition(step: StepName): AnyStep {
  return steps[step]() as unknown as AnyStep;
}

/** A message, with the role that has the right which it says is missing. */
function explained(message: string): string {
  return [message, ...explainRefusals(message)].join("\n");
}

/** Pulumi shows only the message of a provider's error, so the message includes the code and the next command. */
async function withFormattedErrors<T>(step: StepName, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof QtError) throw new Error(explained(error.format()), { cause: error });
    throw error instanceof Error ? new Error(`${step}: ${error.message}`, { cause: error }) : error;
  }
}
