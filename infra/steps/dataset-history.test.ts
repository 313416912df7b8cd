import assert from "node:assert/strict";
import { refuseMovedRows } from "./dataset-history";

describe("a dataset whose table already exists", () => {
  const check = (now: readonly string[] | undefined, before: readonly string[] | undefined) =>
    refuseMovedRows(
      [{ id: "d-1", table: "risks", ...(now && { keyColumns: now }) }],
      [{ id: "d-1", table: "risks", ...(before && { keyColumns: before }) }],
    );
  const refusal = { code: "QT4021", details: { dataset: "d-1", table: "risks" } };

  it("is refused if the table belongs to another dataset", () => {
    assert.throws(
      () =>
        refuseMovedRows(
          [
            { id: "d-1", table: "claims" },
            { id: "d-2", table: "risks" },
          ],
          [{ id: "d-1", table: "risks" }],
        ),
      { code: "QT4022", details: { table: "risks" } },
    );
  });

  it("may move to a new table with another key", () => {
    refuseMovedRows(
      [{ id: "d-1", table: "risks2", keyColumns: ["Line"] }],
      [{ id: "d-1", table: "risks", keyColumns: ["Policy"] }],
    );
  });

  it("compares a key by the names that its columns get", () => {
    const named = (columns: Record<string, string>, keyColumns: readonly string[]) => ({
      ...{ id: "d-1", table: "risks", keyColumns },
      columns,
    });
    const plain = named({}, ["Policy No"]);
    refuseMovedRows([named({ "Policy No": "policy_no" }, ["Policy No"])], [plain]);
    refuseMovedRows([named({ Reference: "policy_no" }, ["Reference"])], [plain]);
    // What a header without plain letters becomes is for the database to say.
    refuseMovedRows([named({ 保单: "policy" }, ["保单"])], [named({}, ["保单"])]);
    for (const before of [plain, named({ "Policy No": "policy" }, ["Policy No"])])
      assert.throws(
        () => refuseMovedRows([named({ "Policy No": "reference" }, ["Policy No"])], [before]),
        refusal,
      );
  });

  for (const [what, now, before] of [
    ["no key at all", undefined, undefined],
    ["no key, once omitted and once empty", undefined, []],
    ["the same columns in another order", ["Line", "Policy"], ["Policy", "Line"]],
    ["a header repeated", ["Line", "Line"], ["Line"]],
    ["other capitals and separators", ["Line No"], ["line_no"]],
    ["a separator more", ["LineNo"], ["Line No"]],
  ] as const) {
    it(`keeps its key: ${what}`, () => check(now, before));
  }

  for (const [what, now, before] of [
    ["another column", ["Line"], ["Policy"]],
    ["a column more", ["Line", "Policy"], ["Line"]],
    ["a key for the first time", ["Line"], undefined],
    ["a key no longer", undefined, ["Line"]],
    ["the same letters in other columns", ["ab", "c"], ["a", "bc"]],
    ["another digit", ["Line 1"], ["Line 2"]],
  ] as const) {
    it(`is refused with another key: ${what}`, () => assert.throws(() => check(now, before), refusal));
  }

  it("is left to the database if a header has a letter that a naming rule may change", () => {
    check(["Größe"], ["Policy"]);
    check(["Policy"], ["Größe"]);
  });

  // A name grows by an underscore for each capital and digit, and is cut at 60 bytes.
  for (const [what, longest] of [
    ["60 small letters", "a".repeat(60)],
    ["30 capitals", "A".repeat(30)],
    ["30 digits", "1".repeat(30)],
  ] as const) {
    it(`is left to the database if a header may be longer than a name, with more than ${what}`, () => {
      assert.throws(() => check([longest], ["Policy"]), refusal);
      check([`${longest}b`], ["Policy"]);
    });
  }
});
