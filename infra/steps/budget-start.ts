import { type AzureSession, orAbsent } from "./azure-session";
import type { StepDefinition } from "./step-definition";

export interface BudgetStartInputs {
  /** Resource id of what the budget is for. */
  readonly scope: string;
  readonly budget: string;
  /** The tenant's ISO date: the first of a month. A budget that is made later starts later. */
  readonly earliest: string;
}

interface Budget {
  readonly properties: { readonly timePeriod: { readonly startDate: string } };
}

/**
 * Decides when a monthly budget starts: a new one must not start before this month, and an existing one keeps its start (docs/sources.md,
 * "Pulumi"). So no date in a file fits both. Nothing to remove.
 */
export const budgetStart: StepDefinition<BudgetStartInputs, { readonly startDate: string }> = {
  replaceOn: ["scope", "budget"],
  async ensure(inputs, azure) {
    const existing = await orAbsent(readBudget(inputs, azure));
    const now = new Date();
    const thisMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
    const first = Math.max(thisMonth, Date.parse(inputs.earliest));
    const start = existing?.properties.timePeriod.startDate ?? first;
    return { result: { startDate: new Date(start).toISOString().replace(".000Z", "Z") } };
  },
  /** Without a budget, the next one gets another start. */
  read: async (inputs, azure) =>
    (await orAbsent(readBudget(inputs, azure))) === undefined ? undefined : inputs,
};

function readBudget({ scope, budget }: BudgetStartInputs, azure: AzureSession): Promise<Budget> {
  const id = `${scope}/providers/Microsoft.Consumption/budgets/${budget}`;
  return azure.arm("GET", id, { apiVersion: "2024-08-01" });
}
