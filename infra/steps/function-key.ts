import { QtError } from "../../errors/qt-error";
import { ArmCallError } from "./azure-session";
import { retry } from "./retry";
import type { StepDefinition } from "./step-definition";

export interface FunctionKeyInputs {
  readonly siteId: string;
  readonly functionName: string;
  readonly keyName: string;
  /** We choose the value, because asking the host for its keys fails while it is cold. Secret. */
  readonly value: string;
  /** Hash of the deployed code: the key is set again after each deployment, in case the host has lost it. */
  readonly code: string;
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
      await retry(() => azure.arm("PUT", id, { apiVersion: API_VERSION, json }), {
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
