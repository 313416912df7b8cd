import * as consumption from "@pulumi/azure-native/consumption";
import type * as pulumi from "@pulumi/pulumi";
import type { TenantSettings } from "./config-schema";
import { Step } from "./steps/step";

export interface BudgetArgs {
  /** Id of the resource group. */
  readonly scope: pulumi.Input<string>;
  readonly budgetName: pulumi.Input<string>;
  /** The tenant whose costs count; undefined: everything in the group is the tenant's. */
  readonly tenant: string | undefined;
  readonly settings: NonNullable<TenantSettings["budget"]>;
  readonly email: string;
}

/** A monthly budget for the resource group. It sends a mail at 80 % and at 100 %, and stops nothing. */
export function monthlyBudget(
  name: string,
  { scope, budgetName, tenant, settings: budget, email }: BudgetArgs,
): consumption.Budget {
  const at = (threshold: number) => ({
    enabled: true,
    operator: "GreaterThan",
    threshold,
    thresholdType: "Actual",
    contactEmails: [email],
  });
  const start = new Step(`${name}-start`, "budget-start", {
    scope,
    budget: budgetName,
    earliest: budget.startDate,
  });
  return new consumption.Budget(name, {
    scope,
    budgetName,
    ...(tenant !== undefined && {
      filter: { tags: { name: "tenant", operator: "In", values: [tenant] } },
    }),
    category: "Cost",
    amount: budget.monthlyAmount,
    timeGrain: "Monthly",
    timePeriod: { startDate: start.result.startDate },
    notifications: { at80Percent: at(80), at100Percent: at(100) },
  });
}
