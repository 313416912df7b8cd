import { type Grant, grantsAction } from "../../packages/azure-resource-types";
import { ArmCallError, type AzureSession } from "./azure-session";

const API_VERSION = "2022-04-01";

/**
 * The actions that whoever is signed in may not do at a resource, as Resource Manager lists its rights there; none if it may not ask.
 * Source: learn.microsoft.com/rest/api/authorization/permissions/list-for-resource.
 */
export async function missingAt(
  id: string,
  actions: readonly string[],
  azure: AzureSession,
): Promise<readonly string[]> {
  if (actions.length === 0) return [];
  const held = await heldAt(id, azure);
  return held === undefined ? [] : actions.filter((action) => !held.some((one) => grantsAction(one, action)));
}

async function heldAt(id: string, azure: AzureSession): Promise<readonly Grant[] | undefined> {
  const path = `${id}/providers/Microsoft.Authorization/permissions`;
  try {
    const { value } = await azure.arm<{ readonly value?: readonly Grant[] }>("GET", path, {
      apiVersion: API_VERSION,
    });
    return value;
  } catch (error) {
    if (error instanceof ArmCallError && error.status < 500) return undefined;
    throw error;
  }
}
