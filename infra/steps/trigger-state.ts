import { type AzureSession, orAbsent } from "./azure-session";
import type { StepDefinition } from "./step-definition";
import { definitionHash } from "./trigger-definition";

export interface TriggerStateInputs {
  readonly factoryId: string;
  readonly trigger: string;
  /** {@link definitionHash} of what is deployed: on a change, the trigger is stopped before it and started after it. */
  readonly definition: string;
  /** Version of azure-native: another one may send the trigger again although its definition is the same. */
  readonly provider: string;
}

/** A trigger as Azure has it. */
interface LiveTrigger {
  /** Undefined if Azure does not report it. */
  readonly runtimeState?: string;
  readonly [property: string]: unknown;
}

type TriggerStep = StepDefinition<TriggerStateInputs, { readonly definition: string }>;

const API_VERSION = "2018-06-01";

/**
 * Runs before the trigger changes: a started trigger cannot be changed (docs/sources.md, "Data Factory"). A refresh finds what somebody
 * edited, so that the trigger is stopped before the deployment puts it back.
 */
export const triggerStopped: TriggerStep = {
  async ensure(inputs, azure) {
    await bring("stop", inputs, azure);
    return { result: { definition: inputs.definition } };
  },
  async read(inputs, azure) {
    const live = await liveTrigger(inputs, azure);
    // A stopped trigger can be changed, and one that is gone is created stopped.
    return live?.runtimeState === "Stopped" ? inputs : edited(inputs, live);
  },
};

/** Runs after the trigger changes, because Azure creates triggers stopped. It is removed first, and so stops the trigger before its deletion. */
export const triggerStarted: TriggerStep = {
  // Not changed in place: a factory that is replaced goes first, and then the old trigger has to be stopped before it.
  replaceOn: ["factoryId", "trigger"],
  async ensure(inputs, azure) {
    await bring("start", inputs, azure);
    return { result: { definition: inputs.definition } };
  },
  async read(inputs, azure) {
    const live = await liveTrigger(inputs, azure);
    if (live === undefined) return undefined;
    return live.runtimeState === "Stopped"
      ? { ...inputs, definition: "stopped by hand" }
      : edited(inputs, live);
  },
  remove: (inputs, azure) => bring("stop", inputs, azure),
};

/** The inputs, with the hash of what is live if that is another definition. */
function edited(inputs: TriggerStateInputs, live: LiveTrigger | undefined): TriggerStateInputs {
  if (live === undefined) return inputs;
  const definition = definitionHash(live);
  return definition === inputs.definition ? inputs : { ...inputs, definition };
}

async function bring(to: "start" | "stop", inputs: TriggerStateInputs, azure: AzureSession) {
  const live = await liveTrigger(inputs, azure);
  if (live === undefined && to === "stop") return;
  if (live?.runtimeState === (to === "start" ? "Started" : "Stopped")) return;
  await azure.arm("POST", `${idOf(inputs)}/${to}`, { apiVersion: API_VERSION });
}

/** @returns undefined if there is no such trigger (yet, or any more) */
async function liveTrigger(
  inputs: TriggerStateInputs,
  azure: AzureSession,
): Promise<LiveTrigger | undefined> {
  const call = azure.arm<{ properties?: LiveTrigger }>("GET", idOf(inputs), { apiVersion: API_VERSION });
  const found = await orAbsent(call);
  return found && (found.properties ?? {});
}

function idOf({ factoryId, trigger }: TriggerStateInputs): string {
  return `${factoryId}/triggers/${trigger}`;
}
