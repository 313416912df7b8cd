import { QtError } from "../../errors/qt-error";
import { ArmCallError, orAbsent } from "./azure-session";
import { retry } from "./retry";
import { NotSeen, type StepDefinition } from "./step-definition";

export interface FunctionKeyInputs {
  readonly siteId: string;
  readonly functionName: string;
  readonly keyName: string;
  /** We choose the value, because asking the host for its keys fails while it is cold. Secret. */
  readonly value: string;
  /** Hash of the deployed code: the key is set again after each deployment, in case the host has lost it. */
  readonly code: string;
}

/** Keys by name; the specification has them below `properties`, Azure answers without it. */
interface KeyList {
  readonly [name: string]: unknown;
  readonly properties?: Readonly<Record<string, string>>;
}

const API_VERSION = "2024-04-01";
const ATTEMPTS = 30;

/** A key that opens only this function; Fivetran gets it. */
export const functionKey: StepDefinition<FunctionKeyInputs, { readonly keyName: string }> = {
  replaceOn: ["siteId", "functionName", "keyName"],
  async ensure({ siteId, functionName, keyName, value }, azure) {
    const id = `${siteId}/functions/${functionName}/keys/${keyName}`;
    const json = { properties: { name: keyName, value } };
    try {
      await retry(() => azure.arm("PUT", id, { apiVersion: API_VERSION, json, repeat: false }), {
        attempts: ATTEMPTS,
        pauseMs: 5000,
        pause: azure.pause,
        when: isColdHost,
      });
    } catch (error) {
      if (!isColdHost(error)) throw error;
      throw new QtError("QT1207", { attempts: ATTEMPTS, reason: (error as Error).message }, { cause: error });
    }
    return { result: { keyName } };
  },
  async read(inputs, azure) {
    const { siteId, functionName, keyName, value } = inputs;
    if ((await orAbsent(azure.arm("GET", siteId, { apiVersion: API_VERSION }))) === undefined)
      return undefined;
    const keys = await azure
      .arm<KeyList>("POST", `${siteId}/functions/${functionName}/listkeys`, { apiVersion: API_VERSION })
      .catch((error: unknown) => {
        throw isColdHost(error) ? new NotSeen((error as Error).message, { cause: error }) : error;
      });
    const live = new Map(Object.entries(keys.properties ?? keys)).get(keyName);
    if (live === undefined) return undefined;
    // Not the live key itself: it would be in the state, and nobody needs it.
    return live === value ? inputs : { ...inputs, value: "another key" };
  },
  async remove({ siteId, functionName, keyName }, azure) {
    try {
      await azure.arm("DELETE", `${siteId}/functions/${functionName}/keys/${keyName}`, {
        apiVersion: API_VERSION,
      });
    } catch (error) {
      // The key goes with the code and with the app.
      if (!isColdHost(error)) throw error;
    }
  },
};

/** While the host starts, the key store answers 400, 404, 409 or 5xx; afterwards none of them. */
function isColdHost(error: unknown): boolean {
  return error instanceof ArmCallError && (error.status >= 500 || [400, 404, 409].includes(error.status));
}
