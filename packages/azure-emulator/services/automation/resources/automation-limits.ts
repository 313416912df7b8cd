import { normalRegion } from "../../../../azure-resource-types";
import type { LocalContext } from "../../../control-plane/local-service";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";

/** The kinds of subscription whose limits the emulator knows; `off` has none. */
export const limitPlans = ["enterprise", "pay-as-you-go", "trial", "off"] as const;
export type LimitPlan = (typeof limitPlans)[number];

const PAGE = "https://learn.microsoft.com/azure/automation/automation-subscription-limits-faq";
const test = (title: string) => ["services/automation/automation-limits.itest.ts", title] as const;

export const automationLimitRules = armRules("Automation: limits", {
  accounts: {
    what: "A subscription has at most 10 Automation accounts in a region; pay-as-you-go 2, a trial 1.",
    source: `${PAGE}; https://github.com/microsoft/azure_arc/issues/3201`,
    answer: { status: 400, code: "BadRequest" },
    test: test("refuses the account after the last"),
    toggle: "limits",
  },
  runningJobs: {
    what: "An account runs at most 50 jobs at once; pay-as-you-go 10, a trial 5. Above it a webhook call and a new job are refused.",
    source: PAGE,
    answer: { status: 400, code: "BadRequest" },
    test: test("refuses the job after the last"),
    toggle: "limits",
  },
});

const accountsInRegion: Readonly<Record<LimitPlan, number>> = {
  enterprise: 10,
  "pay-as-you-go": 2,
  trial: 1,
  off: Number.POSITIVE_INFINITY,
};

/** Jobs that an account runs at once, by kind of subscription. */
export const jobsAtOnce: Readonly<Record<LimitPlan, number>> = {
  enterprise: 50,
  "pay-as-you-go": 10,
  trial: 5,
  off: Number.POSITIVE_INFINITY,
};

/** @throws ArmError if the subscription has no room for another account in the region */
export function requireRoomForAccount({ resources }: LocalContext, location: unknown, plan: LimitPlan): void {
  const region = regionOf(location);
  const type = "Microsoft.Automation/automationAccounts";
  const found = resources.list({ type }).filter((account) => regionOf(account.location) === region).length;
  if (found < accountsInRegion[plan]) return;
  // Azure's own words.
  const message = "Maximum number of Accounts reached. If Deleted recently, please restore the same account";
  throw refusal(automationLimitRules.rules.accounts, message);
}

const regionOf = (location: unknown) => normalRegion(String(location ?? ""));
