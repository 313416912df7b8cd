import assert from "node:assert/strict";
import fc from "fast-check";
import { tokensOf } from "../lint/tokens";
import { readMigrationFiles } from "../migration-files";
import { formatStatement } from "./format-statement";
import { recordingFiles } from "./recording-files";

const file = (text: string, kind: "repeatable" | "numbered" = "repeatable") => ({
  ...{ name: `repeatable/p.sql`, kind, rights: false, checksum: "" },
  text,
});
const recorded = (text: string) => recordingFiles([file(text)]).at(0)?.text ?? "";

describe("the recorder of generated statements", () => {
  it("shows each statement before it runs, with its parameters", () => {
    const text = recorded(
      "alter procedure qt.p as\nif 1 = 1\n  exec(@sql);\nexec sp_executesql @text, N'@n int output',\n  @n = @n output;",
    );
    assert.match(
      text,
      /if 1 = 1\n {2}begin select N'p' as generated_by, @sql as statement, .*null.* exec\(@sql\); end\n/,
    );
    assert.match(
      text,
      /begin select N'p' .*, @text as statement, cast\(N'@n int output' as .*\n {2}@n = @n output; end$/,
    );
  });

  it("refuses an unknown form of execution", () => {
    for (const text of [
      "exec(@a + @b);",
      "execute sp_executesql N'select 1';",
      "exec @n = sp_executesql @sql;",
    ])
      assert.throws(() => recorded(`alter procedure qt.p as ${text}`), /does not know/);
  });

  it("knows every form in the files, and does not change numbered files", () => {
    const files = readMigrationFiles();
    const texts = new Map(recordingFiles(files).map(({ name, text }) => [name, text]));
    const changed = files.filter(({ name, text }) => text !== texts.get(name));
    assert.ok(changed.length >= 8, String(changed.length));
    assert.ok(changed.every(({ kind }) => kind === "repeatable"));
  });
});

describe("a formatted statement", () => {
  it("has each clause and each long list element on its own line", () => {
    assert.equal(
      formatStatement(
        "select a, len(b) as n from (select a, b from data.[t] where a in (1, 2)) x order by left(a, 2); set @n = 1",
      ),
      `select a,
  len(b) as n
from (select a, b
  from data.[t]
  where a in (1, 2)) x
order by left(a, 2);
set @n = 1`,
    );
  });

  it("is split if it is long, but never in a string", () => {
    const text = formatStatement(
      `select ${Array.from({ length: 40 }, (_, n) => `N'text ${n}'`).join(" + ")} as x`,
    );
    assert.ok(text.split("\n").length > 2 && text.split("\n").every((line) => line.length <= 140), text);
  });

  it("is the same statement, token by token", () => {
    const words = [
      "select",
      "(",
      ")",
      ",",
      "+",
      "left",
      "[a b]",
      "N'x''y'",
      "from",
      "<>",
      "@v",
      "set",
      "when",
      ";",
      "1",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words)), (list) => {
        const sql = list.join(" ");
        const raw = (text: string) => tokensOf(text).map((token) => token.raw);
        assert.deepEqual(raw(formatStatement(sql)), raw(sql));
      }),
    );
  });
});
