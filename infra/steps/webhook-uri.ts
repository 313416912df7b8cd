import { createHash } from "node:crypto";
import type { StepDefinition } from "./step-definition";

export interface WebhookUriInputs {
  /** Resource id of the Automation account. */
  readonly accountId: string;
  /** ISO date that the tenant fixed; empty: one year from now. */
  readonly expiry: string;
}

/**
 * Mints a webhook's URI, once: Azure shows it this one time and never again (docs/sources.md, "Azure Automation"), so it is
 * kept as a secret of the state. Never updated: a change makes a new URI, and with it a new webhook, beside the old.
 */
export const webhookUri: StepDefinition<
  WebhookUriInputs,
  { readonly name: string; readonly expiryTime: string },
  { readonly uri: string }
> = {
  replaceOn: ["accountId", "expiry"],
  async ensure({ accountId, expiry }, azure) {
    const uri = await azure.arm<string>("POST", `${accountId}/webhooks/generateUri`, {
      apiVersion: "2015-10-31",
    });
    const expiryTime = expiry === "" ? oneYearFrom(new Date()) : new Date(expiry).toISOString();
    // Two webhooks stand side by side during a rotation, so the name tells them apart.
    const name = `dataset-updated-${createHash("sha256").update(uri).digest("hex").slice(0, 8)}`;
    return { result: { name, expiryTime }, secret: { uri } };
  },
};

function oneYearFrom(now: Date): string {
  const then = new Date(now);
  then.setUTCFullYear(then.getUTCFullYear() + 1);
  then.setUTCMilliseconds(0);
  return then.toISOString();
}
