import assert from "node:assert/strict";
import { answerQuery, runFilters } from "./run-query";

const window = { lastUpdatedAfter: "2026-01-01T00:00:00Z", lastUpdatedBefore: "2027-01-01T00:00:00Z" };
const runs = Array.from({ length: 250 }, (_, at) => ({
  runId: `${at}`,
  lastUpdated: "2026-06-01T00:00:00Z",
}));
const query = (more: object = {}) => answerQuery(runs, runFilters.parse({ ...window, ...more }));

describe("a query for runs", () => {
  it("answers 100 runs at most, and a token for the next", () => {
    const sizes: number[] = [];
    const found: string[] = [];
    let continuationToken: string | undefined;
    do {
      const page = query(continuationToken === undefined ? {} : { continuationToken });
      sizes.push(page.value.length);
      found.push(...page.value.map(({ runId }) => runId));
      continuationToken = page.continuationToken;
    } while (continuationToken !== undefined);
    assert.deepEqual(sizes, [100, 100, 50]);
    assert.deepEqual(
      found,
      runs.map(({ runId }) => runId),
    );
  });

  it("refuses a token that is none, or that of another query", () => {
    const { continuationToken } = query();
    const refused = { status: 400, code: "BadRequest", message: /continuationToken/ };
    for (const token of ["abc", "", Buffer.from("100.x").toString("base64url")]) {
      assert.throws(() => query({ continuationToken: token }), refused);
    }
    const filters = [{ operand: "Status", operator: "NotEquals", values: ["Failed"] }];
    assert.throws(() => query({ continuationToken, filters }), refused);
  });
});
