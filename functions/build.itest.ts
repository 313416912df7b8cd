import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { functionErrors } from "../errors/function";
import { BUNDLE_LIMIT_BYTES, buildFunctionBundle, packageFunction } from "./build";

const run = promisify(execFile);

/** Loads the bundle as the worker does: it provides `@azure/functions-core` by patching `require`. */
const LOADER = `
const { Module } = require("node:module");
const original = Module.prototype.require;
const registered = [];
Module.prototype.require = function (id) {
  if (id !== "@azure/functions-core") return original.call(this, id);
  return {
    version: "1.0.0", Disposable: class {}, setProgrammingModel() {}, registerHook: () => ({ dispose() {} }),
    registerFunction(metadata, callback) { registered.push({ metadata, callback }); return { dispose() {} }; },
  };
};
require(process.argv[2]);
console.log(JSON.stringify(registered.map(({ metadata }) => metadata)));
`;

describe("the function's bundle", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "function-bundle-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is one file below 800 kB that registers the function without node_modules", async () => {
    const { file, bytes } = await buildFunctionBundle({ outdir: folder });
    assert.ok(bytes > 100_000 && bytes < BUNDLE_LIMIT_BYTES, `${bytes} bytes`);
    await writeFile(join(folder, "loader.cjs"), LOADER);
    const { stdout } = await run(process.execPath, [join(folder, "loader.cjs"), file], { cwd: folder });
    const [metadata, ...others] = JSON.parse(stdout);
    assert.equal(others.length, 0);
    assert.equal(metadata.name, "fivetran");
    const trigger = Object.values(metadata.bindings as Record<string, Record<string, unknown>>).find(
      ({ type }) => type === "httpTrigger",
    );
    assert.deepEqual(
      [trigger?.methods, trigger?.authLevel, trigger?.route],
      [["GET", "POST"], "function", "fivetran"],
    );
  });

  it("contains every error that it can raise, and no error of other parts", async () => {
    const { file } = await buildFunctionBundle({ outdir: folder });
    const bundle = await readFile(file, "utf8");
    const codesOf = (text: string) => [...new Set(text.match(/\bQT\d{4}\b/g))].sort();
    const sources = globSync("src/**/*.ts", { cwd: __dirname, exclude: (name) => name.endsWith(".test.ts") });
    const raised = codesOf(sources.map((source) => readFileSync(join(__dirname, source), "utf8")).join("\n"));
    assert.deepEqual(codesOf(bundle), Object.keys(functionErrors).sort());
    assert.deepEqual(
      raised.filter((code) => !(code in functionErrors)),
      [],
    );
  });

  it("is packed into identical bytes every time", async () => {
    const first = await packageFunction();
    const second = await packageFunction();
    assert.equal(first.sha256, second.sha256);
    assert.match(first.sha256, /^[0-9a-f]{64}$/);
    const files = unzipSync(first.zip);
    assert.deepEqual(Object.keys(files).sort(), ["dist/main.js", "host.json", "package.json"]);
    const manifest = JSON.parse(Buffer.from(files["package.json"] ?? []).toString("utf8"));
    assert.equal(manifest.main, "dist/main.js");
  });
});
