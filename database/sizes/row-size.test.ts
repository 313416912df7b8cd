import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { databaseErrors } from "../../errors/database";
import { tableElements } from "../lint/declarations";
import { generatedTexts, tokensOf } from "../lint/tokens";
import { tsqlFolder } from "../migration-files";
import { columnsThatFit, fixedBytes, limits, rowBytes } from "./row-size";

const file = (name: string) => readFileSync(path.join(tsqlFolder, "repeatable", `${name}.sql`), "utf8");
const page = readFileSync(path.join(__dirname, "../../docs/sql-server-limits.md"), "utf8");

/** The types of a landed table's first columns, as the procedure creates them. */
const own = generatedTexts(tokensOf(file("create-landed-table")))
  .flatMap(({ text }) => tableElements(tokensOf(text.replace("…", "landed"))))
  .map(({ tokens: [, type, open, size] }) =>
    open?.text === "(" && type?.text === "binary" ? `${type.text}(${size?.text})` : String(type?.text),
  );

/** The rows of the page's table under a heading: the first cell, and the number in the second. */
function documented(heading: string): [string, number][] {
  const section = page.split(/^## /m).find((one) => one.startsWith(heading)) ?? "";
  const rows = [...section.matchAll(/^\| ([^|]+) \| ([\d,]+) \|/gm)].map(
    ([, name = "", count = ""]): [string, number] => [name.trim(), Number(count.replaceAll(",", ""))],
  );
  assert.ok(rows.length > 0, heading);
  return rows;
}

describe("the sizes that a SQL Server allows", () => {
  it("count a landed table's own columns as the procedure creates them", () => {
    assert.deepEqual(own, ["bigint", "bigint", "binary(32)", "binary(32)", "bigint", "bit"]);
    assert.equal(rowBytes(own, 0), 4 + 89 + 2 + 1);
  });

  it("compute the page's numbers for columns of filled text", () => {
    const computed = [2, 3, 4, 5, 6, 8, 10, 12, 1000].map((characters) => {
      const landed = columnsThatFit(own, "nvarchar(max)", characters, limits.columnsOfDataset);
      return [characters === 1000 ? "12 and more" : String(characters), landed];
    });
    assert.deepEqual(
      computed.at(-1)?.[1],
      computed.at(-2)?.[1],
      "a value stored off the row leaves 24 bytes in it",
    );
    assert.deepEqual(
      documented("Columns of text"),
      computed.filter(([name]) => name !== "12"),
    );
  });

  it("compute the page's numbers for columns of each declared type", () => {
    const fits = (type: string) => columnsThatFit(own, type, 0, limits.columnsOfDataset);
    const names = documented("Columns of a declared type");
    assert.deepEqual(
      names,
      names.map(([name]) => [name, fits(name.split(", ")[0]?.replace("datetime2", "datetime2(3)") ?? "")]),
    );
    for (const [name] of names)
      assert.equal(
        new Set(name.split(/, (?=[a-z])/).map((type) => fits(type.replace("datetime2", "datetime2(3)"))))
          .size,
        1,
        name,
      );
  });

  it("know each type that a column may have", () => {
    const declared = [...file("physical-type").matchAll(/N'([a-z][\w]*)(?:\(|')/g)].map(
      ([, type = ""]) => type,
    );
    const types = new Set(declared.map((type) => (type === "text" ? "nvarchar" : type)));
    assert.ok(types.size >= 8, [...types].join());
    for (const type of types) assert.equal(fixedBytes(type) === undefined, type === "nvarchar", type);
  });

  it("agree with the procedure, the error and the page on the most columns", () => {
    assert.equal(limits.columnsOfDataset, limits.columnsOfTable - own.length - 1);
    assert.match(file("snapshot-columns"), new RegExp(`@columns > ${limits.columnsOfDataset}\\b`));
    assert.match(databaseErrors.QT4018.what, new RegExp(`\\b${limits.columnsOfDataset}\\b`));
    assert.match(page, new RegExp(`\\b${limits.columnsOfDataset.toLocaleString("en")}\\b`));
  });

  it("fit the key's index, whatever the key", () => {
    const key = ["bigint", "binary(32)"];
    assert.match(file("create-landed-table"), /\(_k8, _key_hash\)/);
    assert.ok(key.reduce((sum, type) => sum + (fixedBytes(type) ?? Infinity), 0) <= limits.indexKeyBytes);
  });
});
