import assert from "node:assert/strict";
import { columnTypes, rowJson } from "./row-json";

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
    const named = (column: string, keyColumns: string[]) => () =>
      rowJson({ id: "d", keyColumns, columns: [{ name: column, type: "text" }] });
    const refusal = (column: string) => ({ code: "QT5006", details: { dataset: "d", column } });
    assert.throws(named("qt_row_id", []), refusal("qt_row_id"));
    assert.throws(named("_fivetran_synced", []), refusal("_fivetran_synced"));
    assert.throws(named("_fivetran_id", ["_fivetran_id"]), refusal("_fivetran_id"));
    assert.doesNotThrow(named("qt_row_id", ["qt_row_id"]));
    assert.doesNotThrow(named("by_fivetran", []));
  });

  it("names the column and row of a malformed value, but not the value", () => {
    const { insert } = rowJson({ id: "claims", keyColumns: ["policy"], columns });
    assert.throws(() => insert(["7", "42", false, "P1", "1.50", "secret"]), {
      code: "QT5007",
      message:
        "A value of column section of dataset claims does not have the form of its declared type int (row id 42).",
    });
  });

  it("refuses an unknown type or key column", () => {
    const money = [{ name: "a", type: "money" }];
    const refusal = (reason: string) => ({ code: "QT5011", details: { procedure: "qt.changes", reason } });
    assert.throws(
      () => rowJson({ id: "d", keyColumns: [], columns: money }),
      refusal("column a of d has the unknown type money"),
    );
    assert.throws(
      () => rowJson({ id: "d", keyColumns: ["b"], columns }),
      refusal("key column b of d is not among its columns"),
    );
  });
});

describe("the types of a sent row's columns", () => {
  it("are as declared, with that of the row id if there is no key", () => {
    const declared = { policy: "text", premium: "decimal(18,2)", section: "int" };
    assert.deepEqual(columnTypes({ keyColumns: ["policy"], columns }), declared);
    assert.deepEqual(columnTypes({ keyColumns: [], columns }), { qt_row_id: "bigint", ...declared });
  });
});
