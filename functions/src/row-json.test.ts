import assert from "node:assert/strict";
import { rowJson } from "./row-json";

const columns = [
  { name: "policy", type: "text" },
  { name: "premium", type: "decimal(18,2)" },
  { name: "section", type: "int" },
];
const row = ["7", "42", false, 'P"1', "1.50", "3"];

describe("the JSON of a row", () => {
  it("holds the whole row in the order of the columns, nulls included", () => {
    const { insert, primaryKey } = rowJson({ id: "d", keyColumns: ["policy"], columns });
    assert.equal(insert(row), '{"policy":"P\\"1","premium":"1.50","section":3}');
    assert.equal(
      insert(["7", "42", false, null, undefined, "3"]),
      '{"policy":null,"premium":null,"section":3}',
    );
    assert.deepEqual(primaryKey, ["policy"]);
  });

  it("holds only the primary key for a delete, in the order of the key", () => {
    const { remove } = rowJson({ id: "d", keyColumns: ["section", "policy"], columns });
    assert.equal(remove(row), '{"section":3,"policy":"P\\"1"}');
  });

  it("has the row id if there is no key", () => {
    const { insert, remove, primaryKey } = rowJson({ id: "d", keyColumns: [], columns: columns.slice(0, 1) });
    assert.equal(insert(row), '{"qt_row_id":42,"policy":"P\\"1"}');
    assert.equal(remove(row), '{"qt_row_id":42}');
    assert.deepEqual(primaryKey, ["qt_row_id"]);
  });

  it("refuses names that are reserved at the destination", () => {
    const with_ = (name: string) => [{ name, type: "text" }];
    assert.throws(() => rowJson({ id: "d", keyColumns: [], columns: with_("qt_row_id") }), {
      code: "QT5006",
    });
    assert.throws(() => rowJson({ id: "d", keyColumns: [], columns: with_("_fivetran_synced") }), {
      code: "QT5006",
    });
    assert.doesNotThrow(() => rowJson({ id: "d", keyColumns: ["qt_row_id"], columns: with_("qt_row_id") }));
  });

  it("names the column and row of a malformed value, but not the value", () => {
    const { insert } = rowJson({ id: "claims", keyColumns: ["policy"], columns });
    assert.throws(
      () => insert(["7", "42", false, "P1", "1.50", "secret"]),
      (error: Error) =>
        /section/.test(error.message) && /42/.test(error.message) && !/secret/.test(error.message),
    );
  });

  it("refuses an unknown type or key column", () => {
    const money = [{ name: "a", type: "money" }];
    assert.throws(() => rowJson({ id: "d", keyColumns: [], columns: money }), { code: "QT5011" });
    assert.throws(() => rowJson({ id: "d", keyColumns: ["b"], columns }), { code: "QT5011" });
  });
});
