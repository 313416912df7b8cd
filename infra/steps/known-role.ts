import { ArmCallError, type AzureSession, orAbsent } from "./azure-session";
import { retry } from "./retry";
import type { StepDefinition } from "./step-definition";

export interface KnownRoleInputs {
  /** Resource id of the custom role; Azure gives it one of the subscription. */
  readonly roleDefinitionId: string;
  /** The scope at which it was made, the only one in which it can be assigned. */
  readonly scope: string;
}

/** Reads in a row that must find it: one place that knows it does not mean that every place does. */
const READS = 3;
const PAUSE_MS = 5000;
const API_VERSION = "2022-04-01";

/**
 * Waits, for three minutes at the most, until a new role definition is known: an assignment that comes too early is refused with
 * RoleDefinitionDoesNotExist, which azure-native does not repeat (docs/sources.md, "Pulumi"). Afterwards it removes the role at its scope:
 * azure-native deletes it by its id, where Azure may find nothing to delete and leave it in the directory, which has room for 5,000.
 */
export const knownRole: StepDefinition<KnownRoleInputs, { readonly roleDefinitionId: string }> = {
  replaceOn: ["roleDefinitionId", "scope"],
  async ensure(inputs, azure) {
    await retry(() => readInARow(inputs, azure), {
      attempts: 36,
      pauseMs: PAUSE_MS,
      pause: azure.pause,
      when: (error) => error instanceof ArmCallError && error.status === 404,
    });
    return { result: { roleDefinitionId: inputs.roleDefinitionId } };
  },
  read: async (inputs, azure) =>
    (await orAbsent(readRole(inputs, azure))) === undefined ? undefined : inputs,
  async remove({ roleDefinitionId, scope }, azure) {
    const guid = roleDefinitionId.split("/").at(-1) ?? "";
    const id = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
    await retry(() => orAbsent(azure.arm("DELETE", id, { apiVersion: API_VERSION })), {
      attempts: 12,
      pauseMs: PAUSE_MS,
      pause: azure.pause,
      // The assignments went a moment ago, which is not known everywhere yet.
      when: (error) =>
        error instanceof ArmCallError && error.message.includes("RoleDefinitionHasAssignments"),
    });
  },
};

async function readInARow(inputs: KnownRoleInputs, azure: AzureSession): Promise<void> {
  await readRole(inputs, azure);
  for (let more = 1; more < READS; more++) {
    await azure.pause(PAUSE_MS);
    await readRole(inputs, azure);
  }
}

const readRole = ({ roleDefinitionId }: KnownRoleInputs, azure: AzureSession): Promise<object> =>
  azure.arm("GET", roleDefinitionId, { apiVersion: API_VERSION });
