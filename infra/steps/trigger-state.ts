import type { AzureSession } from "./azure-session";
import { ArmCallError } from "./azure-session";
import type { StepDefinition } from "./step-definition";

export interface TriggerStateInputs {
  readonly factoryId: string;
  readonly trigger: string;
  /** Hash of the trigger's definition: on a change, the trigger is stopped before it and started after it. */
  readonly definition: string;
}

const API_VERSION = "2018-06-01";

/** Runs before the trigger changes: a started trigger cannot be changed (docs/sources.md, "Data Factory"). */
export const triggerStopped: StepDefinition<TriggerStateInputs, { readonly definition: string }> = {
  async ensure(inputs, azure) {
    await bring("stop", inputs, azure);
    return { result: { definition: inputs.definition } };
  },
};

/** Runs after the trigger changes, because Azure creates triggers stopped. It is removed first, and so stops the trigger before its deletion. */
export const triggerStarted: StepDefinition<TriggerStateInputs, { readonly definition: string }> = {
  async ensure(inputs, azure) {
    await bring("start", inputs, azure);
    return { result: { definition: inputs.definition } };
  },
  async read(inputs, azure) {
    const state = await runtimeState(`${inputs.factoryId}/triggers/${inputs.trigger}`, azure);
    if (state === "absent") return undefined;
    return state === "Stopped" ? { ...inputs, definition: "stopped by hand" } : inputs;
  },
  remove: (inputs, azure) => bring("stop", inputs, azure),
};

async function bring(to: "start" | "stop", { factoryId, trigger }: TriggerStateInputs, azure: AzureSession) {
  const id = `${factoryId}/triggers/${trigger}`;
  const state = await runtimeState(id, azure);
  if (state === "absent" && to === "stop") return;
  if (state === (to === "start" ? "Started" : "Stopped")) return;
  await azure.arm("POST", `${id}/${to}`, { apiVersion: API_VERSION });
}

/** @returns "absent" if there is no such trigger (yet, or any more); undefined if Azure does not report its state. */
async function runtimeState(id: string, azure: AzureSession): Promise<string | undefined> {
  try {
    const trigger = await azure.arm<{ properties?: { runtimeState?: string } }>("GET", id, {
      apiVersion: API_VERSION,
    });
    return trigger.properties?.runtimeState;
  } catch (error) {
    if (error instanceof ArmCallError && error.status === 404) return "absent";
    throw error;
  }
}
