import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { azureResourceTypes } from "../../../packages/azure-resource-types";
import { meaningOf, rankOf, sentencesOf } from "./meaning";
import type { ResourceStep } from "./model";
import { stepType } from "./step-files";

const step = (type: string, op: ResourceStep["op"], more: Partial<ResourceStep> = {}): ResourceStep => ({
  op,
  urn: "",
  type,
  name: "n",
  protect: false,
  retainOnDelete: false,
  changes: [],
  ...more,
});

describe("What a change means", () => {
  it("has separate words for a deletion and for a replacement", () => {
    const database = "azure-native:sql:Database";
    const gone = meaningOf(step(database, "delete"), "tenant x");
    assert.match(gone?.text ?? "", /^Drops the database of tenant x:/);
    assert.ok(gone?.severe);
    assert.match(meaningOf(step(database, "replace"), "tenant x")?.text ?? "", /makes an empty one/);
    assert.equal(meaningOf(step(database, "update"), "tenant x"), undefined);
    assert.equal(meaningOf(step("azure-native:monitor:MetricAlert", "delete"), "tenant x"), undefined);
  });

  it("describes what Azure does, what follows for the product, and what Azure keeps", () => {
    const text = (token: string, op: ResourceStep["op"]) =>
      meaningOf(step(`azure-native:${token}`, op), "tenant x")?.text;
    assert.equal(
      text("sql:Database", "delete"),
      "Drops the database of tenant x: every table, load and version. Azure keeps its backups for the retention time only.",
    );
    assert.equal(
      text("keyvault:Secret", "delete"),
      "Quantemplate's client secret is gone from the vault of tenant x: no load can sign in. The vault keeps it recoverable for 90 days.",
    );
    assert.equal(
      text("operationalinsights:Workspace", "replace"),
      "Deletes the log workspace of tenant x: its logs can be recovered for 14 days.",
    );
    assert.doesNotMatch(text("keyvault:Secret", "replace") ?? "", /recoverable/);
  });

  it("has, for each type, the words of testing/losses.txt; the severest type is first", () => {
    const types = new Set([
      ...azureResourceTypes.tokens.map(({ token }) => token),
      ...Object.values(stepType),
      "random:index/randomString:RandomString",
      "random:index/randomPassword:RandomPassword",
    ]);
    const lines = (type: string) =>
      (["delete", "replace"] as const).flatMap((op) => {
        const meaning = meaningOf(step(type, op), "tenant x");
        return meaning ? [`  ${op}${meaning.severe ? " (severe)" : ""}: ${meaning.text}`] : [];
      });
    const blocks = [...types]
      .sort((a, b) => rankOf(a) - rankOf(b))
      .map((type) => [type, ...lines(type)])
      .filter(({ length }) => length > 1);
    const golden = readFileSync(join(__dirname, "testing", "losses.txt"), "utf8");
    assert.equal(`${blocks.map((block) => block.join("\n")).join("\n\n")}\n`, golden);
  });

  it("says what the steps of the program do when they run", () => {
    const text = (type: string, op: ResourceStep["op"]) => meaningOf(step(type, op), "tenant x");
    const texts: [string, string, string][] = [
      [
        stepType.migration,
        "Sets up the database of tenant x: no SQL file, dataset or user.",
        "Migrates the database of tenant x: no SQL file, dataset or user.",
      ],
      [stepType.code, "Deploys the function's code of tenant x.", "Deploys the function's code of tenant x."],
      [
        stepType.key,
        "Sets the function key of tenant x, once the code is deployed.",
        "Sets the function key of tenant x again, once the code is deployed.",
      ],
      [stepType.runbook, "Publishes the runbook of tenant x.", "Publishes the runbook of tenant x."],
    ];
    for (const [type, created, updated] of texts) {
      assert.deepEqual(text(type, "create"), { text: created, severe: false });
      for (const op of ["update", "import"] as const)
        assert.deepEqual(text(type, op), { text: updated, severe: false });
    }
    assert.equal(text(stepType.webhookUri, "create"), undefined);
  });

  it("continues with the effects of the change, and is severe if one of them is", () => {
    const effect = (severe: boolean) => ({ text: "It is lost.", severe });
    const [type, text] = [stepType.runbook, "Publishes the runbook of tenant x."];
    const meaning = (...effects: { text: string; severe: boolean }[]) =>
      meaningOf(step(type, "update", { effects }), "tenant x");
    assert.deepEqual(meaning(), { text, severe: false });
    assert.deepEqual(meaning(effect(false)), { text, severe: false, effects: [effect(false)] });
    const severe = meaning(effect(false), effect(true));
    assert.deepEqual(severe, { text, severe: true, effects: [effect(false), effect(true)] });
    // Each sentence keeps its own severity.
    assert.deepEqual(severe && sentencesOf(severe), [{ text, severe: false }, effect(false), effect(true)]);
    assert.deepEqual(sentencesOf(effect(true)), [effect(true)]);
    // A type without words has only its effects.
    assert.deepEqual(meaningOf(step("a:b:C", "update", { effects: [effect(true)] }), "x"), effect(true));
  });

  it("puts types whose loss is not described last", () => {
    assert.ok(rankOf("a:b:C") > rankOf("random:index/randomPassword:RandomPassword"));
    assert.equal(rankOf("a:b:C"), rankOf("a:b:D"));
  });

  it("is not severe if only configuration is lost", () => {
    const pipeline = meaningOf(step("azure-native:datafactory:Pipeline", "delete"), "tenant x");
    assert.deepEqual(
      [pipeline?.severe, pipeline?.text],
      [false, "The pipeline of tenant x can no longer be started. Landed data stays."],
    );
  });

  it("leaves no placeholder in any text", () => {
    for (const { token } of azureResourceTypes.tokens) {
      for (const op of ["delete", "replace"] as const) {
        assert.doesNotMatch(meaningOf(step(token, op), "tenant x")?.text ?? "", /[{}]|^[:,.]|\.\.|undefined/);
      }
    }
  });

  it("is the same for every version of a type", () => {
    const versioned = step("azure-native:sql/v20230801:Database", "delete");
    assert.deepEqual(
      meaningOf(versioned, "tenant x"),
      meaningOf(step("azure-native:sql:Database", "delete"), "tenant x"),
    );
    assert.equal(rankOf("azure-native:sql/v20230801:Database"), rankOf("azure-native:sql:Database"));
  });

  it("is not a loss if Azure keeps the resource, and mentions protection", () => {
    const vault = "azure-native:keyvault:Vault";
    const kept = meaningOf(step(vault, "delete", { retainOnDelete: true }), "tenant x");
    assert.deepEqual(
      [kept?.severe, kept?.text],
      [false, "Stays in Azure with tenant x; Pulumi only forgets it."],
    );
    const guarded = meaningOf(step(vault, "replace", { protect: true }), "tenant x");
    assert.match(
      guarded?.text ?? "",
      /90 days.*instead\. It is protected: Pulumi refuses this until the tenant sets quantemplate:protect to false\.$/,
    );
    // A replacement deletes the resource even if a deletion would keep it.
    const replaced = meaningOf(step(vault, "replace", { retainOnDelete: true }), "tenant x");
    assert.match(replaced?.text ?? "", /^Replaces the key vault/);
  });

  it("has its own words for an old copy that an interrupted run left, which protection does not cover", () => {
    const old = step("azure-native:sql:Database", "delete", { leftover: 1, protect: true });
    assert.deepEqual(meaningOf(old, "tenant x"), {
      text: "Deletes the old copy of tenant x that an interrupted run left, with all that is in it.",
      severe: true,
    });
    assert.equal(
      meaningOf({ ...old, leftover: 2 }, "tenant x")?.text,
      "Deletes the 2 old copies of tenant x that an interrupted run left, with all that is in them.",
    );
    assert.equal(meaningOf(step("a:b:C", "delete", { leftover: 1 }), "tenant x")?.severe, false);
  });

  it("counts the SQL files that run", () => {
    const change = { form: "name", secret: false, replaces: false } as const;
    const type = "pulumi-nodejs:dynamic/quantemplate:database-migration";
    const changes = [
      { ...change, path: "database/tsql/a.sql", kind: "add" },
      { ...change, path: "database/tsql/b.sql", kind: "update" },
      { ...change, path: "database/tsql/c.sql", kind: "delete" },
    ] as const;
    const text = (of: ResourceStep["changes"]) =>
      meaningOf(step(type, "update", { changes: of }), "tenant x")?.text;
    assert.equal(text(changes), "Migrates the database of tenant x: 2 SQL files.");
    assert.equal(text(changes.slice(0, 1)), "Migrates the database of tenant x: 1 SQL file.");
    const item = { form: "value", kind: "update", secret: false, replaces: false } as const;
    const items = [
      { ...item, path: 'datasets["d-1"].table' },
      { ...item, path: 'datasets["d-1"].keyColumns' },
      { ...item, path: "users.u.role" },
      // Another order of the same items.
      { ...item, path: "datasets" },
      { ...item, path: "unknownDatasets" },
    ];
    assert.equal(
      text([...changes, ...items]),
      "Migrates the database of tenant x: 2 SQL files, 1 dataset, 1 user.",
    );
    assert.equal(text([]), "Migrates the database of tenant x: no SQL file, dataset or user.");
  });
});
