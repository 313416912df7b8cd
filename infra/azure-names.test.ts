import assert from "node:assert/strict";
import { refusedNames } from "./azure-names";

describe("the names of a tenant's resources", () => {
  it("fit Azure's rules for every length of a tenant's name", () => {
    for (const stack of ["a", "Upper_Case", "a-b_c--d", "x".repeat(64), `${"long-".repeat(19)}name`, "42"])
      assert.deepEqual(refusedNames(stack, "germanywestcentral"), [], stack);
  });

  it("are refused with a reserved word in them, also one that only a name without hyphens has", () => {
    assert.deepEqual(refusedNames("windows-uk", "uksouth"), [
      "kv-qt-windows-uk-000000",
      "stqtwindowsuk000000",
      "sql-qt-windows-uk-uksouth-000000",
      "func-qt-windows-uk-000000",
    ]);
    assert.deepEqual(refusedNames("micro-soft", "uksouth"), ["stqtmicrosoft000000"]);
  });
});
