import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { QtError } from "../errors/qt-error";
import { inOrder, keyOf, readDefinitions, type StudioObject } from "./studio-files";
import type { StudioKind } from "./studio-json";

const object = (kind: StudioKind, name: string, ...references: StudioObject["references"]): StudioObject => ({
  kind,
  name,
  properties: {},
  references,
});
const ref = (kind: StudioKind, name: string) => ({ kind, name });

describe("readDefinitions", () => {
  it("reads Studio's objects, each after those it refers to", () => {
    const keys = readDefinitions().objects.map(keyOf);
    const precedes = (first: string, second: string) => {
      assert.ok(keys.includes(first) && keys.includes(second), `${first}, ${second}`);
      assert.ok(keys.indexOf(first) < keys.indexOf(second), `${first} before ${second}`);
    };
    precedes("linkedService/ls_azure_sql", "dataset/ds_staging_table");
    precedes("dataset/ds_staging_table", "pipeline/QT_fetch_data");
    precedes("pipeline/QT_fetch_data", "pipeline/QT_reconcile");
    precedes("pipeline/QT_reconcile", "trigger/QT_reconcile_daily");
  });

  it("names a file that is not JSON, and one that is not a Studio object", () => {
    const folder = mkdtempSync(join(tmpdir(), "qt-studio-"));
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    try {
      for (const kind of ["factory", "linkedService", "dataset", "pipeline", "trigger"]) {
        mkdirSync(join(folder, kind), { recursive: true });
      }
      write("factory/f.json", "{}");
      write("pipeline/broken.json", "{ name: ");
      assert.throws(() => readDefinitions(folder), /adf-definitions\/pipeline\/broken\.json is not the JSON/);
      write("pipeline/broken.json", '{ "name": "x" }');
      assert.throws(() => readDefinitions(folder), /broken\.json .* `name` and `properties` are expected/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("inOrder", () => {
  it("sorts pipelines so that each follows those it starts", () => {
    const a = object("pipeline", "a", ref("pipeline", "b"));
    const b = object("pipeline", "b", ref("linkedService", "l"));
    const l = object("linkedService", "l");
    assert.deepEqual(inOrder([a, b, l]).map(keyOf), ["linkedService/l", "pipeline/b", "pipeline/a"]);
  });

  it("names a reference to a missing object", () => {
    assert.throws(
      () => inOrder([object("pipeline", "a", ref("dataset", "d"))]),
      (error: unknown) =>
        error instanceof QtError && error.code === "QT1104" && /dataset d/.test(error.message),
    );
  });

  it("names a circle", () => {
    const a = object("pipeline", "a", ref("pipeline", "b"));
    const b = object("pipeline", "b", ref("pipeline", "a"));
    assert.throws(() => inOrder([a, b]), /pipeline\/a → pipeline\/b → pipeline\/a/);
  });
});
