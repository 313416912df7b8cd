import type { StackChanges } from "../../commands/fleet/summary";
import type { Principal } from "../../packages/azure-emulator/control-plane/identity";
import { createAzureNativeProvider } from "../../packages/azure-emulator/engine/azure-native-provider";
import { describeError } from "../../packages/azure-emulator/engine/describe-error";
import { createDryRunCloud } from "../../packages/azure-emulator/engine/dry-run/dry-run-cloud";
import { createDryRunRandom } from "../../packages/azure-emulator/engine/dry-run/dry-run-random";
import type { ConfigEntry, StackProgram } from "../../packages/azure-emulator/engine/engine";
import { configured, runProgram, type Session } from "../../packages/azure-emulator/engine/in-process-engine";
import type { LocalState, ResourceState } from "../../packages/azure-emulator/engine/local-state";
import type { ResourceProvider } from "../../packages/azure-emulator/engine/resource-provider";
import { RunRecorder } from "../../packages/azure-emulator/engine/run-recorder";
import { stepEvent } from "../../packages/azure-emulator/engine/step-events";
import { azureResourceTypes, type ResourceTypeCatalogue } from "../../packages/azure-resource-types";
import { stableGuid } from "../../packages/kit/stable-guid";
import { project } from "../places";
import { createDryRunSteps } from "./dry-run-steps";
import { runChanges } from "./run-changes";

/** A program with one stack's configuration. */
export interface Version {
  readonly config: Readonly<Record<string, ConfigEntry>>;
  readonly program: StackProgram;
}

/**
 * Computes what a stack deployed by `base` would become under `head`. Both programs run in this process, compared by the
 * emulator's own providers, against a cloud that only records what it is given. Nothing is deployed or written.
 * @param base undefined for a new stack
 * @param types resource types that the two programs may deploy
 * @throws whatever the base's program throws; failures of the head become problems of the result
 */
export async function dryRun(
  stack: string,
  base: Version | undefined,
  head: Version,
  types = azureResourceTypes,
): Promise<StackChanges> {
  const state = memoryState();
  const session = sessions(stack, state, types);
  if (base !== undefined)
    await runProgram(
      session(base, new RunRecorder(), () => {}),
      false,
    );
  const recorder = new RunRecorder();
  const events: object[] = [];
  const errors: string[] = [];
  try {
    await runProgram(
      session(head, recorder, (step) => events.push(stepEvent(step))),
      true,
    );
  } catch (error) {
    const reasons = recorder.errors();
    errors.push(...(reasons.length > 0 ? reasons : [describeError(error)]));
  }
  return runChanges(stack, events, errors);
}

function sessions(
  stack: string,
  state: LocalState,
  types: ResourceTypeCatalogue,
): (version: Version, recorder: RunRecorder, onStep: Session["onStep"]) => Session {
  const providers = dryRunProviders(types);
  return ({ config, program }, recorder, onStep) => {
    const request = { name: stack, config, program };
    return {
      project: project.name,
      request,
      recorder,
      state,
      onStep,
      providers: configured(providers, request),
    };
  };
}

/** Whoever deploys in a dry run. */
export const dryRunDeployer: Principal = {
  objectId: stableGuid("deployer"),
  clientId: stableGuid("deployer's client"),
  displayName: "deployer",
  kind: "ServicePrincipal",
};

/** All providers that a program needs, backed by a cloud that predicts instead of acting. */
export function dryRunProviders(
  types: ResourceTypeCatalogue = azureResourceTypes,
): readonly ResourceProvider[] {
  const azureNative = createAzureNativeProvider({
    controlPlane: createDryRunCloud(types),
    subscriptionId: stableGuid("subscription"),
    tenantId: stableGuid("tenant"),
    principal: dryRunDeployer,
  });
  return [azureNative, createDryRunRandom(), createDryRunSteps()];
}

function memoryState(): LocalState {
  let kept: readonly ResourceState[] = [];
  return {
    resources: () => [...kept],
    save: (resources) => {
      kept = resources;
    },
    export: () => undefined,
    remove() {},
  };
}
