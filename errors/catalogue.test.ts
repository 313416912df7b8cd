import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { emulatorErrors } from "../packages/azure-emulator/errors/emulator-error";
import { defaultPhrases } from "../packages/azure-emulator/errors/host-phrases";
import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";
import { fill } from "../packages/kit/errors/fill";
import { errorsDocument } from "../scripts/errors-doc";
import { catalogue } from "./catalogue";

const root = join(__dirname, "..");
const emulator: ErrorCatalogue = emulatorErrors;
const entries = [...Object.entries<ErrorCatalogue[string]>(catalogue), ...Object.entries(emulator)];
const read = (file: string) => readFileSync(join(root, file), "utf8");

describe("The error catalogues", () => {
  it("match docs/errors.md", () => {
    const page = "docs/errors.md is out of date: run `npm run docs:errors` and review its diff";
    assert.ok(read("docs/errors.md") === errorsDocument(), page);
  });

  it("have an area on the page for every code", () => {
    const page = errorsDocument();
    const missing = entries.map(([code]) => code).filter((code) => !page.includes(`\n### ${code}\n`));
    assert.deepEqual(missing, [], "add their area to `areas` of scripts/errors-doc.ts");
  });

  it("say for every error what happened, what is safe, and what to do next", () => {
    for (const [code, entry] of entries) {
      assert.match(code, /^QT\d{4}$/);
      for (const text of [entry.what, entry.safe, entry.next]) assert.ok(text.trim().length > 5, code);
    }
  });

  it("contain every code exactly once", () => {
    const files = globSync("{errors,packages/azure-emulator/errors}/*.ts", { cwd: root });
    const codes = files.flatMap((file) =>
      [...read(file).matchAll(/^ {2}(QT\d{4}): \{$/gm)].map(([, code]) => code),
    );
    const known = new Set(entries.map(([code]) => code));
    assert.deepEqual(codes.sort(), [...known].sort());
  });

  it("do not mention this project in the emulator's errors", () => {
    for (const [code, entry] of Object.entries(emulator)) {
      const text = fill(Object.values(entry).join("\n"), defaultPhrases);
      assert.doesNotMatch(
        text,
        /npm (run|start|test)|infra\/|database\/|Pulumi\.[{<]|quantemplate|fivetran|QT_|--database/i,
        code,
      );
    }
  });

  it("contain only errors that something raises", () => {
    const files = globSync(
      [
        "{commands,database,functions,infra,local,packages,runbooks,scripts,tenants}/**/*.{ts,mjs,sql,ps1}",
        "errors/failure.ts",
      ],
      {
        cwd: root,
        // The catalogues only define errors.
        exclude: (name) => ["node_modules", "dist"].includes(name) || name.endsWith("azure-emulator/errors"),
      },
    );
    const code = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
    const unused = entries.map(([name]) => name).filter((name) => !code.includes(name));
    assert.deepEqual(unused, []);
  });
});
