import assert from "node:assert/strict";
import fc from "fast-check";
import { parseBatch } from "./parse-batch";
import { NotUnderstood } from "./token-reader";

const call = (procedure: string, ...given: [string, string | null | { variable: string }][]) => ({
  kind: "call",
  procedure,
  arguments: given.map(([name, value]) => ({ name, value })),
});

/** Where the first statement begins that is not understood; undefined if all are. */
function unknownAt(text: string): number | undefined {
  try {
    parseBatch(text);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof NotUnderstood);
    return error.at;
  }
}

const literal = (type: string, value: string | null) => ({ kind: "literal", type, value });
const systemFunction = (name: string, ...given: string[]) => ({ kind: "function", name, arguments: given });
const cast = (to: string, of: object) => ({ kind: "cast", to, of });
const set = (option: string, more: object = {}) => ({ kind: "set", option, ...more });
const nothing = set("nothing");

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
    assert.equal(unknownAt("EXEC shop.a @x = @p0, @y"), 0);
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
      { kind: "begin", name: "t1" },
      { kind: "commit" },
    ]);
    assert.deepEqual(parseBatch("SAVE TRAN [a b] ROLLBACK TRANSACTION @name ROLLBACK WORK"), [
      { kind: "save", name: "a b" },
      { kind: "rollback", name: { variable: "@name" } },
      { kind: "rollback" },
    ]);
  });

  it("reads the conditions on the number of transactions that drivers send", () => {
    const condition = (
      comparison: string,
      number: number,
      whenTrue: readonly object[],
      whenFalse: readonly object[] = [],
    ) => ({ kind: "if", comparison, number, whenTrue, whenFalse });
    const commit = { kind: "commit" };
    const begin = { kind: "begin" };
    assert.deepEqual(parseBatch("IF @@TRANCOUNT > 0 ROLLBACK TRAN"), [
      condition(">", 0, [{ kind: "rollback" }]),
    ]);
    assert.deepEqual(parseBatch("IF @@TRANCOUNT > 0 COMMIT BEGIN TRANSACTION"), [
      condition(">", 0, [commit]),
      begin,
    ]);
    assert.deepEqual(parseBatch("IF @@TRANCOUNT <> 2 COMMIT ELSE BEGIN TRAN"), [
      condition("<>", 2, [commit], [begin]),
    ]);
    // mssql-jdbc's setSavepoint.
    assert.deepEqual(
      parseBatch("IF @@TRANCOUNT = 0 BEGIN BEGIN TRAN IF @@TRANCOUNT = 2 COMMIT TRAN END SAVE TRAN s1"),
      [condition("=", 0, [begin, condition("=", 2, [commit])]), { kind: "save", name: "s1" }],
    );
  });

  it("reads session options, as tedious sends them after its login", () => {
    const initial = [
      ...["set ansi_nulls on", "set ansi_null_dflt_on on", "set ansi_padding on", "set ansi_warnings on"],
      ...["set arithabort on", "set concat_null_yields_null on", "set cursor_close_on_commit off"],
      ...[
        "set datefirst 7",
        "set dateformat mdy",
        "set implicit_transactions off",
        "set language us_english",
      ],
      ...["set numeric_roundabort off", "set quoted_identifier on", "set textsize 2147483647"],
      ...["set transaction isolation level read committed", "set xact_abort off"],
    ];
    assert.deepEqual(
      parseBatch(initial.join("\n")),
      initial.map((text) =>
        text.includes("implicit")
          ? set("implicit_transactions", { on: false })
          : text.includes("isolation")
            ? set("isolation", { level: "read committed" })
            : text.includes("xact")
              ? set("xact_abort", { on: false })
              : nothing,
      ),
    );
  });

  it("reads the options that are honoured", () => {
    assert.deepEqual(parseBatch("SET NOCOUNT, XACT_ABORT ON SET LOCK_TIMEOUT -1; SET LOCK_TIMEOUT 500"), [
      set("nocount", { on: true }),
      set("xact_abort", { on: true }),
      set("lock_timeout", { milliseconds: -1 }),
      set("lock_timeout", { milliseconds: 500 }),
    ]);
    for (const level of ["read uncommitted", "repeatable read", "serializable", "snapshot"])
      assert.deepEqual(parseBatch(`SET TRANSACTION ISOLATION LEVEL ${level.toUpperCase()}`), [
        set("isolation", { level }),
      ]);
  });

  for (const text of [
    "SET ROWCOUNT 1",
    "SET TEXTSIZE 100",
    "SET ANSI_NULLS OFF",
    "SET QUOTED_IDENTIFIER OFF",
    "SET CONCAT_NULL_YIELDS_NULL OFF",
    "SET DATEFIRST 1",
    "SET DATEFORMAT dmy",
    "SET LANGUAGE Deutsch",
    "SET DEADLOCK_PRIORITY HIGH",
    "SET FMTONLY ON",
    "SET NO_BROWSETABLE ON",
    "SET SHOWPLAN_ALL ON",
    "SET NOCOUNT ON DROP TABLE x",
    "SET TEXTSIZE -1 x",
  ]) {
    it(`does not accept without effect: ${text}`, () => assert.notEqual(unknownAt(text), undefined));
  }

  it("reads literals, which drivers send to probe a connection", () => {
    const select = (...columns: [string, object][]) => [
      { kind: "select", columns: columns.map(([name, value]) => ({ name, value })) },
    ];
    assert.deepEqual(parseBatch("SELECT 1;"), select(["", literal("int", "1")]));
    assert.deepEqual(
      parseBatch("select N'a' AS [b c], -2 d, @p1 p"),
      select(
        ["b c", literal("text", "a")],
        ["d", literal("int", "-2")],
        ["p", { kind: "variable", name: "@p1" }],
      ),
    );
    assert.deepEqual(
      parseBatch("SELECT 2147483647, 2147483648, 1.50, 1e3"),
      select(
        ["", literal("int", "2147483647")],
        ["", literal("numeric", "2147483648")],
        ["", literal("numeric", "1.50")],
        ["", literal("float", "1e3")],
      ),
    );
    assert.deepEqual(
      parseBatch(
        "SELECT CAST(SERVERPROPERTY('EngineEdition') as INT), @@VERSION v, CONVERT(nvarchar(128), db_name())",
      ),
      select(
        ["", cast("int", systemFunction("serverproperty", "EngineEdition"))],
        ["v", systemFunction("@@version")],
        ["", cast("nvarchar", systemFunction("db_name"))],
      ),
    );
  });

  for (const text of [
    "SELECT * FROM shop.dataset",
    "SELECT 1 FROM x",
    "SELECT 1; DROP TABLE x",
    "SELECT 1 UNION SELECT 2",
    "SELECT 1 WHERE 1 = 0",
    "SELECT 1 + 1",
    "SELECT DISTINCT 1",
    "SELECT TOP 1 1",
    "SELECT 0x1F",
    "SELECT 1 INTO x",
    "SELECT $1.50",
    "SELECT @@ROWCOUNT",
    "SELECT SERVERPROPERTY('IsXTPSupported')",
    "SELECT db_name",
    "SELECT @@VERSION()",
    "SELECT CAST(1 AS varchar(2))",
    "EXEC shop.a @x = 1 + 1",
    "EXEC shop.a @x = GETDATE()",
    "EXEC shop.a @x = 'open",
    "EXEC ('DROP TABLE x')",
    "EXEC @rc = shop.a",
    "EXEC shop.a @x OUTPUT",
    "SET @x = 1",
    "SET IDENTITY_INSERT x ON",
    "SET NOCOUNT ON; DELETE FROM x",
    "IF @@TRANCOUNT > 0",
    "IF @@TRANCOUNT >= 1 COMMIT",
    "IF @@TRANCOUNT > 0 BEGIN COMMIT",
    "COMMIT TRAN WITH (DELAYED_DURABILITY = ON)",
    "SAVE TRAN",
    "ROLLBACK TRAN select_a_name_of_more_than_32_characters",
    "BEGIN SELECT 1 END",
    "WAITFOR DELAY '0:0:1'",
    "/* unclosed",
  ]) {
    it(`does not understand: ${text}`, () => assert.notEqual(unknownAt(text), undefined));
  }

  it("says where the statement begins that it does not understand", () => {
    assert.equal(unknownAt("SELECT 1; SET ROWCOUNT 1"), 10);
    assert.equal(unknownAt("SELECT 1 UNION SELECT 2"), 9);
  });

  it("accepts or refuses any text, and never throws anything else", () => {
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
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => void unknownAt(parts.join(" "))),
    );
  });
});
