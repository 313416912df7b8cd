import * as consumption from "@pulumi/azure-native/consumption";
import type * as pulumi from "@pulumi/pulumi";
import type { TenantSettings } from "./config-schema";
import { Step } from "./steps/step";

/** A monthly budget for the resource group. It sends a mail at 80 % and at 100 %, and stops nothing. */
export function monthlyBudget(
  name: string,
  scope: pulumi.Input<string>,
  budget: NonNullable<TenantSettings["budget"]>,
  email: string,
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
    budget: name,
    earliest: budget.startDate,
  });
  return new consumption.Budget(name, {
    scope,
    budgetName: name,
    category: "Cost",
    amount: budget.monthlyAmount,
    timeGrain: "Monthly",
    timePeriod: { startDate: start.result.startDate },
    notifications: { at80Percent: at(80), at100Percent: at(100) },
  });
}
