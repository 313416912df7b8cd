import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { QtError } from "../../errors/qt-error";
import { type AzureSession, createAzureSession } from "./azure-session";
import { type StepName, steps } from "./registry";
import type { Outcome, StepDefinition } from "./step-definition";

/** The state that the engine keeps of a step. */
interface StepState extends Outcome<unknown, unknown> {
  readonly step: StepName;
  readonly inputs: Readonly<Record<string, unknown>>;
}

type AnyStep = StepDefinition<Readonly<Record<string, unknown>>, unknown, unknown>;

let session: AzureSession | undefined;

/** One sign-in for all steps of a deployment. */
const azure = () => {
  session ??= createAzureSession(process.env);
  return session;
};

/** Lets the step refuse inputs before it runs. A step that never ran, or that will be replaced, is not checked. */
export async function check(olds: Partial<StepState> | undefined, news: StepState) {
  const failures: { readonly property: string; readonly reason: string }[] = [];
  const previous = olds?.inputs;
  if (previous === undefined) return { inputs: news, failures };
  const { check: refuse, replaceOn } = definition(news.step);
  const isReplaced = replaceOn?.some((key) => !isDeepStrictEqual(previous[key], news.inputs[key]));
  if (!isReplaced) {
    try {
      refuse?.(news.inputs, previous);
    } catch (error) {
      if (!(error instanceof QtError)) throw error;
      failures.push({ property: "", reason: error.format() });
    }
  }
  return { inputs: news, failures };
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

export async function remove(state: StepState): Promise<void> {
  const { remove } = definition(state.step);
  if (remove) await withFormattedErrors(state.step, () => remove(state.inputs, azure(), state));
}

/** The registry has each step's types; the engine knows none, so they are dropped here. */
function definition(step: StepName): AnyStep {
  return steps[step]() as unknown as AnyStep;
}

/** Pulumi shows only the message of a provider's error, so the message includes the code and the next command. */
async function withFormattedErrors<T>(step: StepName, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof QtError) throw new Error(error.format(), { cause: error });
    throw error instanceof Error ? new Error(`${step}: ${error.message}`, { cause: error }) : error;
  }
}
