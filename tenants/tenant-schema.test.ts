import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tenantFile, tenantNames } from "./tenant-files";
import { SCHEMA_COMMENT, SCHEMA_FILE, schemaText, settingsSchema } from "./tenant-schema";

const root = join(__dirname, "..");

describe("The schema of a tenant's file", () => {
  it("is the checked-in one (npm run tenant -- schema --write)", () => {
    assert.equal(readFileSync(join(root, SCHEMA_FILE), "utf8"), schemaText());
  });

  it("is named by every tenant's file", () => {
    for (const name of tenantNames(root)) {
      assert.equal(readFileSync(join(root, tenantFile(name)), "utf8").split("\n")[0], SCHEMA_COMMENT);
    }
  });

  it("explains every setting", () => {
    const silent = Object.entries(settingsSchema().properties ?? {}).filter(
      ([, { description }]) => !description,
    );
    assert.deepEqual(
      silent.map(([name]) => name),
      [],
    );
  });
});
