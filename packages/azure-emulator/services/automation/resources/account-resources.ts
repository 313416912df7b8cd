import { ArmError, type LocalContext, type ResourceType } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import type { AssetSecrets } from "./asset-secrets";
import { type LimitPlan, requireRoomForAccount } from "./automation-limits";

export const accountType = "Microsoft.Automation/automationAccounts";

/** The Automation account of a request. @throws ArmError 404 if it does not exist. */
export function requireAccount(context: LocalContext, accountId: string): ArmResource {
  const account = context.resources.get(accountId);
  if (account === undefined) {
    throw new ArmError(404, "ResourceNotFound", `Automation account '${accountId}' was not found.`);
  }
  return account;
}

/** `automationAccounts`. */
export const accountResource = (context: LocalContext, plan: LimitPlan): ResourceType => ({
  type: accountType,
  async put({ existing, body }) {
    if (existing === undefined) requireRoomForAccount(context, body.location, plan);
    return { properties: { state: "Ok" } };
  },
});

/** `variables`: the value is JSON text; an encrypted value is never returned. */
export function variableResource(secrets: AssetSecrets): ResourceType {
  return {
    type: `${accountType}/variables`,
    async put({ id, name, body }) {
      const { value, isEncrypted } = body.properties ?? {};
      if (value !== undefined && value !== null) assertJsonText(name, value);
      if (isEncrypted !== true) {
        secrets.remove(id);
        return { properties: { isEncrypted: false } };
      }
      if (typeof value === "string") secrets.set(id, value);
      return { properties: { isEncrypted: true, value: null } };
    },
    async delete({ id }) {
      secrets.remove(id);
    },
  };
}

/** `credentials`: a user name, and a password that is never returned. */
export function credentialResource(secrets: AssetSecrets): ResourceType {
  return {
    type: `${accountType}/credentials`,
    async put({ id, name, body }) {
      const { userName, password } = body.properties ?? {};
      if (typeof userName !== "string" || userName === "")
        throw badRequest(`Credential '${name}' needs properties.userName.`);
      if (typeof password === "string" && password !== "") secrets.set(id, password);
      else if (secrets.get(id) === undefined)
        throw badRequest(`Credential '${name}' needs properties.password.`);
      return { properties: { password: null } };
    },
    async delete({ id }) {
      secrets.remove(id);
    },
  };
}

function assertJsonText(name: string, value: unknown): void {
  try {
    if (typeof value !== "string") throw new TypeError("not text");
    JSON.parse(value);
  } catch {
    throw badRequest(
      `Variable '${name}': the value must be JSON text, so a string carries its own quotes (JSON.stringify(value)).`,
    );
  }
}

/** ARM's error for a body that it cannot use. */
export function badRequest(message: string): ArmError {
  return new ArmError(400, "BadRequest", message);
}
