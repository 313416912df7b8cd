import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(__dirname, "..");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "connector-sdk/README.md",
  ...globSync("docs/*.md", { cwd: root }),
];
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> })
    .scripts,
);
const cli = readFileSync(join(root, "commands/local/cli.ts"), "utf8");
const commands = [...cli.matchAll(/command\("(\w+)"/g)].map(([, name]) => name);

describe("The documents", () => {
  for (const file of documents) {
    const text = readFileSync(join(root, file), "utf8");

    it(`${file} names scripts and commands that exist`, () => {
      for (const [, name = ""] of text.matchAll(/npm run ([\w:]+)/g))
        assert.ok(scripts.includes(name), `npm run ${name}`);
      for (const [, name = ""] of text.matchAll(/npm run local -- (\w+)/g)) {
        assert.ok(commands.includes(name), `npm run local -- ${name}`);
      }
    });

    it(`${file} links to files that exist`, () => {
      for (const [, link = ""] of text.matchAll(/\]\(([^)#]+)\)/g)) {
        if (/^https?:/.test(link)) continue;
        const target = join(root, dirname(file), link);
        assert.ok(globSync(target).length === 1, link);
      }
    });

    it(`${file} names files that exist`, () => {
      const folders =
        "adf-definitions|commands|connector-sdk|database|errors|functions|infra|local|packages|runbooks|scripts|tenants|test";
      for (const [, path = ""] of text.matchAll(new RegExp(`\`((?:${folders})/[\\w./-]+)\``, "g"))) {
        assert.ok(globSync(join(root, path)).length === 1, path);
      }
    });
  }
});
