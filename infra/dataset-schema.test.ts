import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { MAX_NAME_BYTES } from "../database/physical-name";
import { databaseErrors } from "../errors/database";
import { COLUMN_TYPES, DATASET_ID, datasetSchema, undeclared } from "./dataset-schema";
import { unwrapped, withDefaults } from "./schema-walk";

const read = (file: string) => readFileSync(join(__dirname, "..", file), "utf8");

/** A schema's shape as the database's errors show it, such as `{header: {type, onError}}`; undefined for a single value. */
function shapeOf(schema: z.core.$ZodType): string | undefined {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) return "[]";
  if (inner instanceof z.ZodRecord) return `{header: ${shapeOf(inner.def.valueType) ?? "name"}}`;
  if (!(inner instanceof z.ZodObject)) return undefined;
  const members = Object.entries(inner.def.shape as Record<string, z.core.$ZodType>).map(([name, member]) => {
    const below = shapeOf(member);
    return below === undefined ? name : `${name}: ${below}`;
  });
  return `{${members.join(", ")}}`;
}

/** Files that cannot import the schema must agree with it. */
describe("The settings of a dataset", () => {
  for (const dialect of ["tsql", "postgres"]) {
    describe(`in database/${dialect}`, () => {
      const file = `database/${dialect}/repeatable/configure.sql`;
      const configure = read(file);

      it("have the shape that qt.configure expects", () => {
        const line = `Expected [${shapeOf(datasetSchema)}].`;
        assert.ok(configure.includes(line), `${file} lacks the line: ${line}`);
      });

      it("are all read by qt.configure", () => {
        const names = shapeOf(datasetSchema)?.match(/\w+/g) ?? [];
        // Ignore the text that only names the shape.
        const reading = configure.replace(/Expected \[.*\]\./, "");
        for (const name of names.filter((one) => !["header", "name"].includes(one))) {
          assert.match(reading, new RegExp(`['.]${name}['.]`), `${file} does not read the setting ${name}`);
        }
      });

      it("have the types that qt.configure lists when it refuses another", () => {
        assert.ok(sqlFiles(dialect).some((text) => text.includes(`is not a type. Use ${COLUMN_TYPES}.`)));
      });

      it("have the same limit for names", () => {
        assert.match(
          read(`database/${dialect}/repeatable/physical-name.sql`),
          new RegExp(`left\\(@?\\w+, ${MAX_NAME_BYTES}\\)`),
        );
      });
    });
  }

  // database/conformance/configure.itest.ts asks the database itself; not every machine has SQL Server.
  it("have the same defaults in the text of database/tsql", () => {
    const { guards } = withDefaults(datasetSchema, {});
    for (const [file, pattern, expected] of [
      ["repeatable/configure", /isnull\(left\(d\.shrink, \d+\), N'(\w+)'\)/, guards.maxShrinkPercent],
      [
        "repeatable/configure",
        /isnull\(left\(d\.column_change, \d+\), N'(\w+)'\)/,
        guards.maxColumnChangePercent,
      ],
      ["repeatable/configure", /'\$\.onError'\), N'(\w+)'\)/, undeclared.onError],
      ["repeatable/configure", /'\$\.type'\), N'(\w+)'\)/, undeclared.type],
      ["repeatable/configure", /d\.empty = N'true' .* then 1 else (\d)/, Number(guards.allowEmpty)],
      ["migrations/0002-tables", /dataset_shrink_default default (\d+)/, guards.maxShrinkPercent],
      [
        "migrations/0005-columns",
        /dataset_column_change_default default (\d+)/,
        guards.maxColumnChangePercent,
      ],
      ["migrations/0002-tables", /dataset_empty_default default (\d)/, Number(guards.allowEmpty)],
    ] as const) {
      assert.equal(pattern.exec(read(`database/tsql/${file}.sql`))?.[1], String(expected), String(pattern));
    }
  });

  it("have the types that the catalogue's error names", () => {
    assert.equal(databaseErrors.QT4023.next, `Use ${COLUMN_TYPES}.`);
  });

  it("have the same pattern for ids as the runbook", () => {
    const pattern = DATASET_ID.source.replace(/^\^/, "\\A").replace(/\$$/, "\\z");
    assert.ok(read("runbooks/Start-QuantemplateLoad.ps1").includes(`-cnotmatch '${pattern}'`));
  });
});

function sqlFiles(dialect: string): string[] {
  return ["configure", "physical-type"].map((name) => read(`database/${dialect}/repeatable/${name}.sql`));
}
