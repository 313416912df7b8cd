import type { PutRequest } from "../../control-plane/local-service";
import { armRules, refusal } from "../../control-plane/rules/azure-rule";

const PAGE = "https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update (BudgetTimePeriod)";
const test = (title: string) => ["services/passive/budgets.test.ts", title] as const;

export const budgetRules = armRules("Budgets", {
  start: {
    what: "A budget starts on the first of a month, at most twelve months ahead.",
    source: PAGE,
    answer: { status: 400, code: "400" },
    test: test("starts on the first of a month, at most twelve months ahead"),
  },
  past: {
    what: "A new budget that starts in the past starts within the current period of its time grain: this month, this quarter, this year.",
    source: `${PAGE}; https://github.com/Azure/azure-quickstart-templates/issues/7095`,
    answer: { status: 400, code: "400" },
    test: test("starts within the current period if it is new"),
  },
  kept: {
    what: "The start of an existing budget does not change.",
    source: "https://github.com/Azure/CanadaPubSecALZ/issues/317",
    answer: { status: 400, code: "400" },
    test: test("keeps its start"),
  },
});

/** Months of each time grain, which begins at a month that it divides. Billing months begin on other days. */
const MONTHS: Readonly<Record<string, number>> = { monthly: 1, quarterly: 3, annually: 12 };

/** @throws ArmError 400 */
export function requireBudgetStart(
  { body, existing }: Pick<PutRequest, "body" | "existing">,
  now: Date,
): void {
  const { rules } = budgetRules;
  const start = startOf(body.properties);
  if (start === undefined) return;
  const before = startOf(existing?.properties);
  if (before !== undefined) {
    if (before.getTime() === start.getTime()) return;
    throw refusal(rules.kept, "Start date of budgets cannot be updated ('properties.timePeriod.startDate').");
  }
  const ahead = monthOf(start) - monthOf(now);
  if (start.getUTCDate() !== 1 || ahead > 12)
    throw refusal(
      rules.start,
      "The start date of 'properties.timePeriod.startDate' must be the first of a month and not more than twelve months in the future.",
    );
  const months = MONTHS[String(body.properties?.timeGrain).toLowerCase()];
  if (months === undefined) return;
  if (Math.floor(monthOf(start) / months) < Math.floor(monthOf(now) / months))
    throw refusal(
      rules.past,
      `The start date of 'properties.timePeriod.startDate' should not be prior to the current period of the time grain '${body.properties?.timeGrain}'.`,
    );
}

function startOf(properties: Readonly<Record<string, unknown>> | undefined): Date | undefined {
  const { startDate } = (properties?.timePeriod ?? {}) as { readonly startDate?: unknown };
  const start = new Date(String(startDate));
  return Number.isNaN(start.getTime()) ? undefined : start;
}

/** Months since the year 0. */
function monthOf(date: Date): number {
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
