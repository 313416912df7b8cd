import { missingRights } from "../../infra/roles/missing-right";

/** The actions that a message says are missing, each once, in small letters. */
export function missingIn(message: string): readonly string[] {
  return [...new Set(missingRights(message).map(({ action }) => action.toLowerCase()))];
}
