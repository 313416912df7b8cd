import assert from "node:assert/strict";
import { inheritedNames } from "../../../../packages/kit/testing/inherited-names";
import { isErrorPage, parsePage } from "../page-parser";
import type { Operation } from "./connector-run";
import { pageOfOperations } from "./page-of-operations";

describe("A page of the connector's operations", () => {
  const schema = inheritedNames.map((table) => ({ table, primary_key: ["id"], columns: {} }));
  const sent = inheritedNames.flatMap((table): Operation[] => [
    { op: "truncate", table },
    { op: "upsert", table, row: { id: 1 } },
    { op: "upsert", table, row: { id: 2 } },
    { op: "delete", table, row: { id: 3 } },
  ]);

  it("holds the rows of a table whose name every object inherits", () => {
    const page = parsePage(pageOfOperations({ operations: sent, state: {} }, schema));
    assert.ok(!isErrorPage(page));
    assert.deepEqual(
      page.tables.map(({ name, inserts, deletes, softDelete }) => [
        name,
        inserts.length,
        deletes.length,
        softDelete,
      ]),
      inheritedNames.map((name) => [name, 2, 1, true]),
    );
  });

  it("refuses to truncate such a table after its rows", () => {
    for (const table of inheritedNames) {
      const operations: Operation[] = [
        { op: "upsert", table, row: { id: 1 } },
        { op: "truncate", table },
      ];
      assert.throws(() => pageOfOperations({ operations, state: {} }, schema), /is truncated after/);
    }
  });
});
