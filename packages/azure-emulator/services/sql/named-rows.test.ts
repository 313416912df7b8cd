import assert from "node:assert/strict";
import type { IRecordSet } from "mssql";
import { inheritedNames, withInheritedNames } from "../../../kit/testing/inherited-names";
import { namedRows } from "./named-rows";

describe("The driver's rows in arrayRowMode", () => {
  const recordset = (rows: readonly object[], names: readonly string[]) =>
    Object.assign([...rows], { columns: names.map((name) => ({ name })) }) as unknown as IRecordSet<object>;

  it("get their columns' names, also those that every object inherits", () => {
    assert.deepEqual(namedRows(recordset([inheritedNames, [1, 2, null, 4]], inheritedNames)), [
      withInheritedNames((name) => name),
      Object.fromEntries(inheritedNames.map((name, index) => [name, [1, 2, null, 4][index]])),
    ]);
  });

  it("may be the text of a FOR JSON query", () => {
    assert.deepEqual(namedRows(recordset([{ 0: "[{}]" }], ["JSON_F52E2B61"])), [{ JSON_F52E2B61: "[{}]" }]);
  });
});
