import { ArmError } from "./arm-error";
import type { LocalContext } from "./local-service";
import { resourceGroupOf } from "./resource-id";

/** @throws ArmError 404 if the path is in a group that does not exist. */
export function requireGroup(context: LocalContext, path: string): void {
  const group = resourceGroupOf(path);
  if (group !== undefined && context.resources.get(group) === undefined) throw groupNotFound(group);
}

export function groupNotFound(group: string): ArmError {
  return new ArmError(
    404,
    "ResourceGroupNotFound",
    `Resource group '${group.split("/").at(-1)}' could not be found.`,
  );
}
