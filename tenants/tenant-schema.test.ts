import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { goodFile } from "../commands/tenant/testing/project-folder";
import { tenantsDocument } from "../scripts/settings-doc";
import { tenantFile, tenantNames } from "./tenant-files";
import { SCHEMA_COMMENT, SCHEMA_FILE, schemaText, settingsSchema, tenantFileSchema } from "./tenant-schema";

const root = join(__dirname, "..");

describe("The schema of a tenant's file", () => {
  it("is the checked-in one (npm run tenant -- schema --write)", () => {
    assert.equal(readFileSync(join(root, SCHEMA_FILE), "utf8"), schemaText());
  });

  it("has the settings of a dataset that docs/tenants.md lists (npm run docs:settings)", () => {
    const text = readFileSync(join(root, "docs/tenants.md"), "utf8");
    assert.equal(text, tenantsDocument(text));
    assert.match(text, /^\| `guards\.maxShrinkPercent` \| `50` \|/m);
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

  describe("as an editor reads it", () => {
    const validate = new Ajv({ allErrors: true, strict: true, validateFormats: false }).compile(
      tenantFileSchema(),
    );
    const mistakesOf = (text: string) => {
      validate(parse(text));
      return (validate.errors ?? []).map(({ instancePath }) => instancePath);
    };

    it("takes every tenant's file, including what Pulumi keeps there", () => {
      assert.deepEqual(mistakesOf(goodFile), []);
      for (const name of tenantNames(root)) {
        assert.deepEqual(mistakesOf(readFileSync(join(root, tenantFile(name)), "utf8")), []);
      }
    });

    it("takes an encrypted secret of another provider, and a setting whose name only mentions one", () => {
      const more =
        "config:\n  azure-native:clientSecret: {secure: v1:x}\n  azure-native:oidcTokenFilePath: /run/token";
      assert.deepEqual(mistakesOf(goodFile.replace("config:", more)), []);
    });

    for (const [what, from, to, at] of [
      [
        "a secret in plain text",
        /clientSecret:\n.*\n/,
        "clientSecret: plain\n",
        "/config/quantemplate:clientSecret",
      ],
      [
        "a secret of another provider in plain text",
        "config:",
        "config:\n  azure-native:clientSecret: plain",
        "/config/azure-native:clientSecret",
      ],
      ["a misspelt setting", "quantemplate:clientId", "quantemplate:clientID", "/config"],
      ["a misspelt part of a dataset", "guards:", "guard:", "/config/quantemplate:datasets/0"],
      ["a dataset without its table", "table: claims", "keyColumns: []", "/config/quantemplate:datasets/1"],
      ["a guard out of its range", "30", "130", "/config/quantemplate:datasets/0/guards/maxShrinkPercent"],
      ["a misspelt part of the file", "encryptionsalt", "encryptionSalt", ""],
    ] as const) {
      it(`refuses ${what}`, () => assert.deepEqual(mistakesOf(goodFile.replace(from, to)), [at]));
    }
  });
});
