import assert from "node:assert/strict";
import fc from "fast-check";
import { parseBatch } from "./parse-batch";

const call = (procedure: string, ...given: [string, string | null | { variable: string }][]) => ({
  kind: "call",
  procedure,
  arguments: given.map(([name, value]) => ({ name, value })),
});

describe("parseBatch", () => {
  it("reads a call with literals of every kind", () => {
    assert.deepEqual(
      parseBatch(
        "EXEC shop.publish @run_id = N'a''b', @big=9007199254740993, @minus = -5, @x = NULL, @s='é'",
      ),
      [
        call(
          "shop.publish",
          ["@run_id", "a'b"],
          ["@big", "9007199254740993"],
          ["@minus", "-5"],
          ["@x", null],
          ["@s", "é"],
        ),
      ],
    );
  });

  it("reads quoted names, positions, comments and several statements", () => {
    assert.deepEqual(
      parseBatch("-- first\nexecute [shop].\"begin_load\" 'a', /* b */ @x = 1;;\nEXEC shop.list_datasets"),
      [call("shop.begin_load", ["", "a"], ["@x", "1"]), call("shop.list_datasets")],
    );
  });

  it("reads variables, whose values come from sp_executesql", () => {
    assert.deepEqual(parseBatch("EXEC shop.a @x = @p0, @y"), undefined);
    assert.deepEqual(parseBatch("EXEC shop.a @p0"), [call("shop.a", ["", { variable: "@p0" }])]);
    assert.deepEqual(parseBatch("EXEC shop.a @x=@p0"), [call("shop.a", ["@x", { variable: "@p0" }])]);
  });

  it("returns any text that is quoted by T-SQL's rules", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const parsed = parseBatch(`EXEC shop.a @x = N'${text.replaceAll("'", "''")}', @y = 1`);
        assert.deepEqual(parsed, [call("shop.a", ["@x", text], ["@y", "1"])]);
      }),
      { numRuns: 500 },
    );
  });

  it("reads the transaction statements that drivers send as text", () => {
    assert.deepEqual(parseBatch("BEGIN TRAN"), [{ kind: "begin" }]);
    assert.deepEqual(parseBatch("begin transaction t1; commit tran t1"), [
      { kind: "begin" },
      { kind: "commit", onlyIfOpen: false },
    ]);
    assert.deepEqual(parseBatch("IF @@TRANCOUNT > 0 ROLLBACK TRAN"), [
      { kind: "rollback", onlyIfOpen: true },
    ]);
    assert.deepEqual(parseBatch("IF @@TRANCOUNT > 0 COMMIT BEGIN TRANSACTION"), [
      { kind: "commit", onlyIfOpen: true },
      { kind: "begin" },
    ]);
  });

  it("reads session options, as tedious sends them after its login", () => {
    const initial = [
      [
        "set ansi_nulls on",
        "set ansi_null_dflt_on on",
        "set ansi_padding on",
        "set ansi_warnings on",
        "set arithabort on",
      ],
      [
        "set concat_null_yields_null on",
        "set cursor_close_on_commit off",
        "set datefirst 7",
        "set dateformat mdy",
      ],
      ["set implicit_transactions off", "set language us_english", "set numeric_roundabort off"],
      [
        "set quoted_identifier on",
        "set textsize 2147483647",
        "set transaction isolation level read committed",
      ],
    ].flat();
    assert.deepEqual(
      parseBatch(initial.join("\n")),
      initial.map(() => ({ kind: "set" })),
    );
    assert.deepEqual(parseBatch("SET TEXTSIZE -1 SET NOCOUNT ON"), [{ kind: "set" }, { kind: "set" }]);
  });

  it("reads literals, which drivers send to probe a connection", () => {
    assert.deepEqual(parseBatch("SELECT 1;"), [
      { kind: "literals", columns: [{ name: "", type: "int", value: "1" }] },
    ]);
    assert.deepEqual(parseBatch("select N'a' AS [b c], -2 d"), [
      {
        kind: "literals",
        columns: [
          { name: "b c", type: "text", value: "a" },
          { name: "d", type: "int", value: "-2" },
        ],
      },
    ]);
  });

  for (const text of [
    "SELECT * FROM shop.dataset",
    "SELECT 1 FROM x",
    "SELECT 1; DROP TABLE x",
    "EXEC shop.a @x = 1 + 1",
    "EXEC shop.a @x = GETDATE()",
    "EXEC shop.a @x = 'open",
    "EXEC ('DROP TABLE x')",
    "EXEC @rc = shop.a",
    "EXEC shop.a @x OUTPUT",
    "SET @x = 1",
    "SET IDENTITY_INSERT x ON",
    "SET NOCOUNT ON; DELETE FROM x",
    "IF @@TRANCOUNT > 0 EXEC shop.a",
    "BEGIN SELECT 1 END",
    "WAITFOR DELAY '0:0:1'",
    "/* unclosed",
  ]) {
    it(`does not understand: ${text}`, () => assert.equal(parseBatch(text), undefined));
  }

  it("accepts or refuses any text, and never throws", () => {
    const pieces = fc.constantFrom(
      "EXEC",
      "shop",
      ".",
      "@x",
      "=",
      "'",
      "N'a'",
      "1",
      ",",
      ";",
      "SELECT",
      "[",
      "]",
      "--",
      "IF",
      "SET",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => void parseBatch(parts.join(" "))),
    );
  });
});
