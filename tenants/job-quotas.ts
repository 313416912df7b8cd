import { type ConfigPath, configKey, NAMESPACE, settingsAsFarAsRight } from "../infra/config-check";
import { flatConfig, type Tenant } from "./tenant";
import type { PlacedMistake } from "./yaml-source";

/** Jobs that Azure Automation runs at once in an account, by the kind of subscription; a webhook's call above them is refused. */
const quotas = { Enterprise: 50, "pay-as-you-go": 10, trial: 5 } as const;

/** Runs of QT_fetch_data that go on at once: its `concurrency`. */
export const RUNS_AT_ONCE = 4;

/** A warning where the jobs of a tenant that waits for its runs can be more than a quota: one a running and one a queued run. */
export function jobQuotaMistakes(tenant: Tenant): PlacedMistake[] {
  const { runbook, datasets } = settingsAsFarAsRight(flatConfig(tenant));
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
      fix: "Take it out, so that a job ends once the load is started, or see that the subscription has as many.",
      isWarning: true,
    },
  ];
}
