import assert from "node:assert/strict";
import type { armClient } from "./arm-client";

/** A run of an activity, as Data Factory lists it. */
export interface ActivityRun {
  readonly activityName: string;
  readonly status: string;
  readonly output: {
    readonly name?: string;
    readonly properties?: { readonly expiryTime?: string; readonly uri?: string };
  };
  readonly error?: { readonly message?: string };
}

const ALWAYS = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2200-01-01T00:00:00Z" };

/** What the trigger of the daily reconciliation gives its pipeline. */
export async function reconciliationParameters(
  arm: ReturnType<typeof armClient>,
): Promise<{ readonly WebhookUrl: string }> {
  const trigger = await (await arm.request("GET", `${arm.factory}/triggers/QT_reconcile_daily`)).json();
  const { properties } = trigger as { properties: { pipelines: { parameters: { WebhookUrl: string } }[] } };
  const [{ parameters } = assert.fail()] = properties.pipelines;
  return parameters;
}

/** Reconciles as the trigger does, to the end of the run. @returns the first run of each of its activities */
export async function reconcile(arm: ReturnType<typeof armClient>): Promise<readonly ActivityRun[]> {
  const post = async (path: string, body: object) =>
    (await arm.request("POST", `${arm.factory}/${path}`, body)).json();
  const parameters = await reconciliationParameters(arm);
  const { runId } = (await post("pipelines/QT_reconcile/createRun", parameters)) as { runId: string };
  const hasEnded = async () =>
    (await arm.pipelineRuns()).some(
      (run) => run.runId === runId && !/^(Queued|InProgress)$/.test(run.status),
    );
  while (!(await hasEnded()));
  const found = (await post(`pipelineruns/${runId}/queryActivityruns`, ALWAYS)) as { value: ActivityRun[] };
  return found.value;
}
