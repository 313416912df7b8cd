import { ArmCallError, type AzureSession, orAbsent } from "./azure-session";
import { retry } from "./retry";
import type { StepDefinition } from "./step-definition";

export interface KnownRoleInputs {
  /** Resource id of the custom role. */
  readonly roleDefinitionId: string;
}

/** Reads in a row that must find it: one place that knows it does not mean that every place does. */
const READS = 3;
const PAUSE_MS = 5000;

/**
 * Waits, for three minutes at the most, until a new role definition is known: an assignment that comes too early is refused with
 * RoleDefinitionDoesNotExist, which azure-native does not repeat (docs/sources.md, "Pulumi"). Nothing to remove.
 */
export const knownRole: StepDefinition<KnownRoleInputs, { readonly roleDefinitionId: string }> = {
  async ensure(inputs, azure) {
    await retry(() => readInARow(inputs, azure), {
      attempts: 36,
      pauseMs: PAUSE_MS,
      pause: azure.pause,
      when: (error) => error instanceof ArmCallError && error.status === 404,
    });
    return { result: { ...inputs } };
  },
  read: async (inputs, azure) =>
    (await orAbsent(readRole(inputs, azure))) === undefined ? undefined : inputs,
};

async function readInARow(inputs: KnownRoleInputs, azure: AzureSession): Promise<void> {
  await readRole(inputs, azure);
  for (let more = 1; more < READS; more++) {
    await azure.pause(PAUSE_MS);
    await readRole(inputs, azure);
  }
}

const readRole = ({ roleDefinitionId }: KnownRoleInputs, azure: AzureSession): Promise<object> =>
  azure.arm("GET", roleDefinitionId, { apiVersion: "2022-04-01" });
