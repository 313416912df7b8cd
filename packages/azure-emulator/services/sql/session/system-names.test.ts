import assert from "node:assert/strict";
import { SqlServerError } from "./sql-server-error";
import { bind, executedText, systemName } from "./system-names";

const refusedWith = (number: number) => (error: unknown) =>
  error instanceof SqlServerError && error.number === number;

describe("procedures of the system", () => {
  it("are known by their prefix, whatever the schema and the quotes", () => {
    for (const name of [
      "sp_who",
      "sys.sp_who",
      "[sys].[SP_Who]",
      "master..sp_who",
      "sp_who;1",
      "master.dbo.[sp_who]",
    ])
      assert.equal(systemName(name), "sp_who", name);
    assert.equal(systemName("xp_msver"), "xp_msver");
    for (const name of ["shop.publish", "shop.resp_onse", "sp_x.publish", "shop.spare"])
      assert.equal(systemName(name), undefined, name);
  });
});

describe("the variables of a text", () => {
  const text = (name: string, value: string) => ({ name, value });

  it("get their values by name or by position, and their types from the declaration", () => {
    const declaration = "@P0 int,@b AS nvarchar(4000), @c bigint OUTPUT";
    const expected = new Map([
      ["@p0", { type: "int", value: "1" }],
      ["@b", { type: "text", value: "x" }],
      ["@c", { type: "bigint", value: "2" }],
    ]);
    assert.deepEqual(bind(declaration, [text("", "1"), text("", "x"), text("", "2")]), expected);
    assert.deepEqual(bind(declaration, [text("@p0", "1"), text("@B", "x"), text("@c", "2")]), expected);
  });

  it("keep the type of a value that has one", () => {
    const bound = bind("@p nvarchar(10)", [{ name: "@p", value: "5", type: "bigint" }]);
    assert.deepEqual(bound.get("@p"), { type: "bigint", value: "5" });
  });

  it("are refused if they are not declared", () => {
    assert.throws(() => bind("@a int", [text("@b", "1")]), refusedWith(8145));
    assert.throws(() => bind("", [text("", "1")]), refusedWith(8145));
  });

  it("come from a call of sp_executesql in a text", () => {
    const given = [text("", "EXEC shop.a @p"), text("", "@p int"), text("@p", "7")];
    const found = executedText("sp_executesql", given);
    assert.equal(found?.text, "EXEC shop.a @p");
    assert.deepEqual(found?.variables.get("@p"), { type: "int", value: "7" });
    assert.equal(executedText("shop.a", given), undefined);
    assert.throws(() => executedText("sys.sp_executesql", []), refusedWith(214));
  });
});
