import assert from "node:assert/strict";
import fc from "fast-check";
import { SqlServerError } from "../session/sql-server-error";
import { parseProcedureName, procedureText } from "./procedure-name";

describe("the name of a procedure", () => {
  it("has a schema, which is dbo if there is none, and may have its own database", () => {
    for (const [text, schema, name] of [
      ["publish", "dbo", "publish"],
      ["shop.publish", "shop", "publish"],
      ["[shop].[publish]", "shop", "publish"],
      [' "shop" . publish ', "shop", "publish"],
      ["orders.shop.publish", "shop", "publish"],
      ["[ORDERS]..publish", "dbo", "publish"],
      [".shop.publish", "shop", "publish"],
      ["shop.publish;1", "shop", "publish"],
    ] as const)
      assert.deepEqual(parseProcedureName(text, "orders"), { schema, name }, text);
  });

  it("may hold any character in its quotes", () => {
    const part = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(part, part, (schema, name) => {
        assert.deepEqual(parseProcedureName(procedureText([schema, name]), "orders"), { schema, name });
      }),
    );
  });

  it("of another database or server is refused", () => {
    for (const text of [
      "otherdb.shop.publish",
      "[a.b].shop.publish",
      "srv.orders.shop.publish",
      "srv...publish",
    ])
      assert.throws(
        () => parseProcedureName(text, "orders"),
        (error) => error instanceof SqlServerError && error.number === 40515,
        text,
      );
  });

  it("is none if it is empty, unquoted halfway or too long", () => {
    for (const text of ["", "shop.", "[shop.publish", "a.b.c.d.e", '"a"b'])
      assert.equal(parseProcedureName(text, "a"), undefined, text);
  });
});
