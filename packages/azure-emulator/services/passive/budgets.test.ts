import assert from "node:assert/strict";
import { ArmError } from "../../control-plane/local-service";
import { requireBudgetStart } from "./budgets";

const now = new Date("2027-05-20T10:00:00Z");

function answer(startDate: string, timeGrain = "Monthly", existing?: string): string | undefined {
  const of = (start: string) => ({ timeGrain, timePeriod: { startDate: start } });
  const stored = existing === undefined ? undefined : ({ properties: of(existing) } as never);
  try {
    requireBudgetStart({ body: { properties: of(startDate) }, existing: stored }, now);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ArmError && error.status === 400);
    return error.message;
  }
}

describe("a budget", () => {
  it("starts on the first of a month, at most twelve months ahead", () => {
    assert.equal(answer("2028-05-01T00:00:00Z"), undefined);
    assert.match(answer("2028-06-01T00:00:00Z") ?? "", /twelve months/);
    assert.match(answer("2027-06-02T00:00:00Z") ?? "", /first of a month/);
  });

  it("starts within the current period if it is new", () => {
    assert.equal(answer("2027-05-01T00:00:00Z"), undefined);
    assert.match(answer("2027-04-01T00:00:00Z") ?? "", /prior to the current period/);
    assert.equal(answer("2027-04-01", "Quarterly"), undefined);
    assert.match(answer("2027-03-01", "Quarterly") ?? "", /Quarterly/);
    assert.equal(answer("2027-01-01", "Annually"), undefined);
    assert.match(answer("2026-12-01", "Annually") ?? "", /Annually/);
  });

  it("keeps its start", () => {
    assert.equal(answer("2020-01-01T00:00:00Z", "Monthly", "2020-01-01"), undefined);
    assert.match(answer("2027-05-01", "Monthly", "2020-01-01") ?? "", /cannot be updated/);
  });
});
