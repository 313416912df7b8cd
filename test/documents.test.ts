import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { activityKinds } from "../packages/azure-emulator/services/data-factory/activities";
import { azureResourceTypes } from "../packages/azure-resource-types";

const root = join(__dirname, "..");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "connector-sdk/README.md",
  ...globSync(["docs/*.md", "packages/**/*.md"], { cwd: root }),
];
/** The folder that a document's paths start from: a package's own documents know only the package. */
const base = (file: string) => /^packages\/[^/]+/.exec(file.replaceAll("\\", "/"))?.[0] ?? "";
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> })
    .scripts,
);
const cli = readFileSync(join(root, "commands/local/cli.ts"), "utf8");
const commands = [...cli.matchAll(/command\(\s*"(\w+)"/g)].map(([, name]) => name);

/** Anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page: string) =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe("The documents", () => {
  it("the emulator's README begins with the code of its example", () => {
    const emulator = join(root, "packages/azure-emulator");
    const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(emulator, "README.md"), "utf8")) ?? [];
    assert.equal(code, readFileSync(join(emulator, "examples/start.ts"), "utf8"));
  });

  it("the emulator's README links to a page of each service", () => {
    const emulator = join(root, "packages/azure-emulator");
    const text = readFileSync(join(emulator, "README.md"), "utf8");
    for (const name of globSync("*/", { cwd: join(emulator, "services") }))
      assert.ok(text.includes(`(docs/${basename(name)}.md)`), `it lacks docs/${basename(name)}.md`);
  });

  it("the emulator's page of passive resources lists each passive type, and no other", () => {
    const page = "packages/azure-emulator/docs/passive.md";
    const rows = readFileSync(join(root, page), "utf8").match(/^\| `.*$/gm) ?? [];
    const listed = rows.flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    const passive = azureResourceTypes.types.filter(({ runs }) => runs === "passive").map(({ type }) => type);
    // A row's first type is whole; those after it begin where they differ.
    const names = (type: string, name = "") => type === name || type.endsWith(`/${name}`);
    assert.deepEqual(
      passive.filter((type) => !listed.some((name) => names(type, name))),
      [],
      `${page} lacks these`,
    );
    assert.deepEqual(
      listed.filter((name) => !passive.some((type) => names(type, name))),
      [],
      `${page} has these`,
    );
  });

  it("the emulator's pages list its activities, and count them", () => {
    const emulator = "packages/azure-emulator";
    const page = readFileSync(join(root, emulator, "docs/data-factory.md"), "utf8");
    const [, listed = ""] = /^\| activities \| (.*) \|$/m.exec(page) ?? [];
    const types = [...activityKinds.keys()];
    assert.deepEqual(
      listed.split(", ").sort(),
      types.sort(),
      `the row "activities" of ${emulator}/docs/data-factory.md`,
    );
    const readme = readFileSync(join(root, emulator, "README.md"), "utf8");
    assert.ok(
      readme.includes(`${types.length} activity types`),
      `${emulator}/README.md: ${types.length} activity types`,
    );
  });

  it("docs/babelfish.md cites tests by titles that they have", () => {
    const text = readFileSync(join(root, "docs/babelfish.md"), "utf8");
    const cited = [...text.matchAll(/([a-z-]+): "([^"]+?)(?: …)?"/g)];
    assert.ok(cited.length >= 10);
    for (const [citation, suite, title = ""] of cited) {
      const tests = readFileSync(join(root, `database/conformance/${suite}.itest.ts`), "utf8");
      assert.ok(tests.includes(title), citation);
    }
  });

  for (const file of documents) {
    const text = readFileSync(join(root, file), "utf8");

    it(`${file} names scripts and commands that exist`, () => {
      for (const [, name = ""] of text.matchAll(/npm run ([\w:]+)/g))
        assert.ok(scripts.includes(name), `npm run ${name}`);
      for (const [, name = ""] of text.matchAll(/npm run local -- (\w+)/g)) {
        assert.ok(commands.includes(name), `npm run local -- ${name}`);
      }
    });

    it(`${file} links to files and headings that exist`, () => {
      for (const [, link = ""] of text.matchAll(/\]\(([^)]+)\)/g)) {
        if (/^https?:/.test(link)) continue;
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? join(root, file) : join(root, dirname(file), path);
        assert.ok(globSync(target).length === 1, link);
        if (anchor !== undefined) assert.ok(anchorsOf(readFileSync(target, "utf8")).includes(anchor), link);
      }
    });

    it(`${file} names files that exist`, () => {
      const folders =
        base(file) === ""
          ? "adf-definitions|commands|connector-sdk|database|errors|functions|infra|local|packages|runbooks|scripts|tenants|test"
          : globSync("*/", { cwd: join(root, base(file)) })
              .map((name) => name.replace(/[\\/]$/, ""))
              .join("|");
      for (const [, path = ""] of text.matchAll(new RegExp(`\`((?:${folders})/[\\w./-]+)\``, "g"))) {
        assert.ok(globSync(join(root, base(file), path)).length === 1, path);
      }
    });

    it(`${file} links to nothing outside its package`, () => {
      for (const [, link = ""] of text.matchAll(/\]\(([^)#]+)\)/g)) {
        if (/^https?:/.test(link)) continue;
        assert.ok(join(dirname(file), link).replaceAll("\\", "/").startsWith(base(file)), link);
      }
    });
  }
});
