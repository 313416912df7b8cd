import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { structuredPatch } from "diff";
import { datasetSchema } from "./dataset-schema";
import { withDefaults } from "./schema-walk";
import { goldenFolder } from "./testing/golden-program";
import { knownContents, type NameContents } from "./testing/known-contents";
import { picturedTenants } from "./testing/pictured-tenants";
import { pictureOf } from "./testing/program-picture";

const advice =
  "If you meant to change what the program deploys, run `npm run golden:program` and review the diff of infra/golden/.";

describe("the golden pictures of the program", () => {
  let contents: NameContents;
  before(async () => {
    contents = await knownContents();
  });

  it("are exactly one file for each tenant", () => {
    const files = picturedTenants.map(({ stack }) => `${stack}.yaml`);
    assert.deepEqual(readdirSync(goldenFolder).sort(), files.sort(), advice);
  });

  it("show no setting of a dataset at its default for the tenant with every setting", () => {
    const all = picturedTenants.find(({ stack }) => stack === "all");
    const [dataset] = JSON.parse(String(all?.config["quantemplate:datasets"])) as [object];
    const { guards, ...others } = withDefaults(datasetSchema, {});
    const atDefault = [...unchanged(others, dataset), ...unchanged(guards, Reflect.get(dataset, "guards"))];
    assert.deepEqual(atDefault, [], "give them another value in infra/testing/pictured-tenants.ts");
  });

  for (const tenant of picturedTenants) {
    const { stack } = tenant;
    it(`show every resource, option and output of ${stack} as the program has them`, async () => {
      const file = `${stack}.yaml`;
      const golden = readFileSync(join(goldenFolder, file), "utf8").replaceAll("\r\n", "\n");
      const now = await pictureOf(tenant, contents);
      if (golden !== now)
        assert.fail(`${advice}\n\n--- infra/golden/${file}\n+++ now\n${patch(golden, now)}`);
    });
  }
});

/** Names of the settings that have their default or are missing. */
function unchanged(defaults: object, given: object): string[] {
  return Object.entries(defaults)
    .filter(([name, value]) => isDeepStrictEqual(Reflect.get(given, name) ?? value, value))
    .map(([name]) => name);
}

/** A unified diff that names the resource of each hunk. */
function patch(before: string, after: string): string {
  const lines = before.split("\n");
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: 3 });
  const parts = hunks.map((hunk) => {
    const resource = lines.slice(0, hunk.oldStart).findLast((line) => /^ {2}\S|^\S/.test(line)) ?? "";
    return [`@@ line ${hunk.oldStart} @@ ${resource.trim()}`, ...hunk.lines].join("\n");
  });
  return parts.join("\n");
}
