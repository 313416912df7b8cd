import { type ConfigPath, configKey, lenientSettings, NAMESPACE } from "../infra/config-check";
import { flatConfig, type Tenant } from "./tenant";
import type { PlacedMistake } from "./yaml-source";

/** How many jobs Azure Automation runs at once in an account, by kind of subscription. It refuses further webhook calls. */
const quotas = { Enterprise: 50, "pay-as-you-go": 10, trial: 5 } as const;

/** How many runs of QT_fetch_data run at once: its `concurrency`. */
export const RUNS_AT_ONCE = 4;

/** A warning if a tenant's waiting jobs can exceed a quota. There is one job for each running run and one for each queued run. */
export function jobQuotaMistakes(tenant: Tenant): PlacedMistake[] {
  const { runbook, datasets } = lenientSettings(flatConfig(tenant));
  if ((runbook as { waitForEnd?: unknown } | undefined)?.waitForEnd !== true || !Array.isArray(datasets))
    return [];
  const jobs = RUNS_AT_ONCE + datasets.length;
  if (jobs <= Math.min(...Object.values(quotas))) return [];
  const path: ConfigPath = [`${NAMESPACE}:runbook`, "waitForEnd"];
  const named = Object.entries(quotas).map(([kind, jobs]) => `${jobs} (${kind})`);
  return [
    {
      ...(tenant.places.nearest(path) ?? tenant.end),
      key: configKey(path),
      message: `lets up to ${jobs} jobs wait at once: ${RUNS_AT_ONCE} for running loads, and one for each dataset. Azure Automation runs ${named.join(", ")}, and an event above that is lost`,
      fix: "Remove it, so that a job ends once the load has started, or make sure that the subscription allows that many.",
      isWarning: true,
    },
  ];
}
