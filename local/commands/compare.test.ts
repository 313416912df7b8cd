import assert from "node:assert/strict";
import { inheritedNames, withInheritedNames } from "../../packages/kit/testing/inherited-names";
import { canonical, lossless, rowText, sameRows } from "./compare";

describe("The comparison of tables", () => {
  it("treats different spellings of a value as equal", () => {
    const same: [string, string, string][] = [
      ["decimal(38,10)", "0012.5000000000", "12.5"],
      ["decimal(38,10)", "-0.50", "-0.5"],
      ["int", "+7", "7"],
      ["bit", "TRUE", "t"],
      ["bit", "1", "true"],
      ["datetime2", "2026-01-31 10:00:00.120", "2026-01-31T10:00:00.12Z"],
    ];
    for (const [type, left, right] of same) assert.equal(canonical(type, left), canonical(type, right), left);
  });

  it("keeps different values apart", () => {
    const different: [string, string | null, string | null][] = [
      ["text", "", null],
      ["text", "a", "a "],
      ["text", "007", "7"],
      ["decimal(18,2)", "1.5", "15"],
      ["decimal(18,2)", "100", "1"],
      ["decimal(38,0)", "99999999999999999999999999999999999998", "99999999999999999999999999999999999999"],
      ["decimal(18,2)", "1.5", "-1.5"],
      ["bit", "0", "1"],
    ];
    for (const [type, left, right] of different)
      assert.notEqual(canonical(type, left), canonical(type, right), `${left}`);
  });

  it("asks each engine for text, except for floats on SQL Server, whose text keeps only six digits", () => {
    assert.equal(lossless("postgres", "float", '"rate"'), '"rate"::text');
    assert.equal(lossless("mssql", "decimal(38,10)", '"rate"'), 'cast("rate" as nvarchar(max))');
    assert.equal(lossless("mssql", "float", '"rate"'), '"rate"');
  });

  it("takes what a row lacks for NULL, also in a column whose name every object inherits", () => {
    const columns = inheritedNames.map((name) => ({ name, type: "text" }));
    const empty = rowText(
      columns,
      withInheritedNames(() => null),
    );
    assert.equal(rowText(columns, {}), empty);
    assert.notEqual(
      rowText(
        columns,
        withInheritedNames((name) => name),
      ),
      empty,
    );
  });

  it("counts equal rows and names the first that is only on one side", () => {
    assert.equal(sameRows("They", ["a", "a", "b"], ["b", "a", "a"]), 3);
    assert.throws(() => sameRows("They", ["a", "a"], ["a"]), /QT9007|only in the first: a/);
    assert.throws(() => sameRows("They", ["a"], ["a", "c"]), /only in the second: c/);
  });
});
