import type { StepDefinition } from "./step-definition";

export interface WebhookAddressInputs {
  /** Resource id of the Automation account. */
  readonly accountId: string;
  /** The webhook's name in it. */
  readonly name: string;
}

/**
 * Where Resource Manager shows a webhook: its address differs from cloud to cloud, and only the sign-in knows it. It is not the address
 * that starts the runbook, and no secret. Nothing to remove.
 */
export const webhookAddress: StepDefinition<WebhookAddressInputs, { readonly url: string }> = {
  async ensure({ accountId, name }, azure) {
    return { result: { url: `${await azure.armUrl()}${accountId}/webhooks/${name}` } };
  },
};
