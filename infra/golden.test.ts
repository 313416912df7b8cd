import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { structuredPatch } from "diff";
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
