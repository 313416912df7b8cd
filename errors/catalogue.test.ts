import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errorsDocument } from "../scripts/errors-doc";
import { catalogue } from "./catalogue";
import type { ErrorEntry } from "./error-entry";
import { fill, QtError } from "./qt-error";

const root = join(__dirname, "..");
const entries = Object.entries(catalogue as Record<string, ErrorEntry>);

describe("The error catalogue", () => {
  it("equals docs/errors.md", () => {
    assert.equal(readFileSync(join(root, "docs/errors.md"), "utf8"), errorsDocument());
  });

  it("says for every error what happened, what is safe, and what to do next", () => {
    for (const [code, entry] of entries) {
      assert.match(code, /^QT\d{4}$/);
      for (const text of [entry.what, entry.safe, entry.next]) assert.ok(text.trim().length > 5, code);
    }
  });

  it("holds no error that nothing raises", () => {
    const files = globSync(
      [
        "{commands,database,functions,infra,local,packages,runbooks,scripts,tenants}/**/*.{ts,mjs,sql,ps1}",
        "errors/failure.ts",
      ],
      {
        cwd: root,
        exclude: (name) => name === "node_modules" || name === "dist",
      },
    );
    const code = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
    const unused = entries.map(([name]) => name).filter((name) => !code.includes(name));
    assert.deepEqual(unused, []);
  });

  it("counts with the right noun", () => {
    const text = "{count mistake(s)} in {name}";
    assert.equal(fill(text, { count: 1, name: "a" }), "1 mistake in a");
    assert.equal(fill(text, { count: 2, name: "a" }), "2 mistakes in a");
    assert.equal(fill(text, { name: "a" }), "{count mistake(s)} in a");
  });

  it("leaves a placeholder visible where no value was given", () => {
    assert.equal(fill("a {b} {c}", { b: 1 }), "a 1 {c}");
    assert.match(new QtError("QT9003", {}).message, /\{stack\}/);
  });
});
