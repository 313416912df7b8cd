import { createHash } from "node:crypto";
import { orAbsent } from "./azure-session";
import type { StepDefinition } from "./step-definition";

/** The last version with webhooks. */
const apiVersion = "2015-10-31";

export interface WebhookUriInputs {
  /** Resource id of the Automation account. */
  readonly accountId: string;
  /** ISO date that the tenant sets; empty: one year from now. */
  readonly expiry: string;
}

/**
 * Mints a webhook's URI, once. Azure shows it only this one time (docs/sources.md, "Azure Automation"), so it is
 * kept as a secret in the state. It is never updated: a change mints a new URI, for a new webhook next to the old one.
 */
export const webhookUri: StepDefinition<
  WebhookUriInputs,
  { readonly name: string; readonly expiryTime: string },
  { readonly uri: string }
> = {
  replaceOn: ["accountId", "expiry"],
  async ensure({ accountId, expiry }, azure) {
    const uri = await azure.arm<string>("POST", `${accountId}/webhooks/generateUri`, {
      apiVersion,
    });
    const expiryTime = expiry === "" ? oneYearFrom(new Date()) : new Date(expiry).toISOString();
    // During a rotation there are two webhooks, so each needs its own name.
    const name = `dataset-updated-${createHash("sha256").update(uri).digest("hex").slice(0, 8)}`;
    return { result: { name, expiryTime }, secret: { uri } };
  },
  // Azure takes no URI of a webhook that was deleted, so a new webhook needs a new one.
  async read(inputs, azure, { result }) {
    const id = `${inputs.accountId}/webhooks/${result.name}`;
    return (await orAbsent(azure.arm("GET", id, { apiVersion }))) === undefined ? undefined : inputs;
  },
};

function oneYearFrom(now: Date): string {
  const then = new Date(now);
  then.setUTCFullYear(then.getUTCFullYear() + 1);
  then.setUTCMilliseconds(0);
  return then.toISOString();
}
