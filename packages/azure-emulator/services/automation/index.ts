import path from "node:path";
import type { LocalContext, LocalService, ResourceType } from "../../control-plane/local-service";
import { webhookRoutes } from "./data-plane/webhook-endpoint";
import { accountResource, credentialResource, variableResource } from "./resources/account-resources";
import { createAssetSecrets } from "./resources/asset-secrets";
import { jobsAtOnce, type LimitPlan } from "./resources/automation-limits";
import { createRunbookContents } from "./resources/runbook-content";
import { runbookResource, runbookRoutes } from "./resources/runbooks";
import { createWebhookTokens } from "./resources/webhook-tokens";
import { generateUriRoute, webhookResource } from "./resources/webhooks";
import { jobRoutes } from "./rest/job-routes";
import { createJobRunner } from "./run/job-runner";
import { openJobStore } from "./run/job-store";
import { localRunbooks } from "./run/local-runbooks";
import type { RunbookTwin } from "./run/runbook-executor";

export { type LimitPlan, limitPlans } from "./resources/automation-limits";

export interface AutomationOptions {
  /** Runbooks that also run without PowerShell. */
  readonly twins?: readonly RunbookTwin[];
  /** The PowerShell command that runs runbooks if it works; `null` for none. Default `pwsh`. */
  readonly powerShell?: string | null;
  /** The kind of subscription whose limits count. Default `enterprise`. */
  readonly limits?: LimitPlan | undefined;
  /** The pauses between a runbook's polls, in seconds: far shorter than in Azure. For scripts that declare `$FirstPollSeconds` and `$LongestPollSeconds`. */
  readonly firstPollSeconds?: number;
  readonly longestPollSeconds?: number;
}

/** Azure Automation: accounts, variables, credentials, runbooks, webhooks, and the jobs that they start. */
export function createAutomationService(
  context: LocalContext,
  options: AutomationOptions = {},
): LocalService {
  const folder = path.join(context.folder, "automation");
  const secrets = createAssetSecrets(folder);
  const contents = createRunbookContents(folder);
  const tokens = createWebhookTokens(folder);
  const jobs = openJobStore(folder);
  const { firstPollSeconds = 0.05, longestPollSeconds = 0.2, limits = "enterprise" } = options;
  const paceAt = (endpoint: string) => ({
    armEndpoint: endpoint,
    loginEndpoint: endpoint,
    firstPollSeconds,
    longestPollSeconds,
  });
  const executor = localRunbooks({
    twins: options.twins ?? [],
    powerShell: options.powerShell === undefined ? "pwsh" : options.powerShell,
    pace: paceAt(context.httpsUrl),
    powerShellPace: paceAt(context.httpUrl),
  });
  const runner = createJobRunner({ context, contents, secrets, jobs, executor, atOnce: jobsAtOnce[limits] });
  const account: ResourceType = {
    ...accountResource(context, limits),
    async delete({ id }) {
      jobs.removeAll(id);
    },
  };
  return {
    name: "automation",
    resourceTypes: [
      account,
      variableResource(secrets),
      credentialResource(secrets),
      runbookResource(contents),
      webhookResource(context, contents, tokens),
    ],
    armRoutes: [
      ...runbookRoutes(context, contents),
      generateUriRoute(context, tokens),
      ...jobRoutes(context, contents, jobs, runner),
    ],
    routes: (app) => webhookRoutes(app, { context, contents, tokens, runner }),
    start: async () => runner.resume(),
    stop: () => runner.stop(),
  };
}
