import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { azureRules } from "../packages/azure-emulator/azure-rules";
import type { AzureRule } from "../packages/azure-emulator/control-plane/rules/azure-rule";
import { azureRulesDocument } from "../scripts/azure-rules-doc";

const root = join(__dirname, "..");

describe("docs/azure-rules.md", () => {
  it("is current (npm run docs:rules)", () => {
    assert.equal(readFileSync(join(root, "docs/azure-rules.md"), "utf8"), azureRulesDocument());
  });

  it("names a test that exists for each rule", () => {
    for (const { area, rules } of azureRules)
      for (const [name, { test, moreTests = [] }] of Object.entries<AzureRule>(rules))
        for (const [file, title] of [test, ...moreTests]) {
          const text = readFileSync(join(root, "packages/azure-emulator", file), "utf8");
          assert.ok(text.includes(title), `${area}, ${name}: ${file} has no test "${title}"`);
        }
  });

  it("names a public source for each rule", () => {
    for (const { area, rules } of azureRules)
      for (const [name, { source }] of Object.entries(rules))
        assert.match(source, /^(https:\/\/|Azure\/|MS-|\[)/, `${area}, ${name}`);
  });
});
