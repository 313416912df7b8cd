import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../errors/qt-error";
import { temporaryFolder } from "../packages/kit/testing/temporary-folder";
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

  const folder = temporaryFolder();
  const write = (files: Readonly<Record<string, string>>) => {
    for (const kind of ["factory", "linkedService", "dataset", "pipeline", "trigger"])
      mkdirSync(join(folder(), kind), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder(), file), text);
  };
  const refused = (file: string, text: string) => {
    write({ "factory/quantemplate.json": "{}", [file]: text });
    try {
      readDefinitions(folder());
    } catch (error) {
      if (error instanceof QtError) return error;
      throw error;
    }
    return assert.fail("taken");
  };

  it("names a file that is not JSON, and keeps the cause", () => {
    const error = refused("pipeline/broken.json", "{ name: ");
    assert.equal(error.code, "QT1107");
    assert.equal(error.details.file, "adf-definitions/pipeline/broken.json");
    assert.ok(error.cause instanceof SyntaxError);
    assert.equal(error.details.reason, error.cause.message);
  });

  for (const text of [
    '{"name":"x"}',
    '{"name":1,"properties":{}}',
    '{"name":"x","properties":null}',
    '{"name":"x","properties":"y"}',
  ])
    it(`names a file that is not a Studio object: ${text}`, () => {
      assert.deepEqual(refused("dataset/d.json", text).details, {
        file: "adf-definitions/dataset/d.json",
        reason: "`name` and `properties` are expected",
      });
    });

  it("needs a factory", () => {
    write({});
    assert.throws(() => readDefinitions(folder()), {
      code: "QT1104",
      details: { file: "The program", kind: "factory", name: "quantemplate" },
    });
  });

  it("reads .json files only, by name, and takes the factory from its own file", () => {
    const pipeline = (name: string) => JSON.stringify({ name, properties: { activities: [] } });
    write({
      // As Studio writes it for a factory that is connected to Git; its name comes first.
      "factory/adf-qt-dev.json": '{"name":"adf-qt-dev","properties":{},"identity":{"type":"SystemAssigned"}}',
      "factory/quantemplate.json": '{"name":"quantemplate"}',
      "factory/README.md": "#",
      "pipeline/c.json": pipeline("c"),
      "pipeline/a.json": pipeline("a"),
      "pipeline/b.json": pipeline("b"),
      "pipeline/b.json.orig": "not JSON",
    });
    const { factory, objects } = readDefinitions(folder());
    assert.deepEqual(factory, {
      file: "adf-definitions/factory/quantemplate.json",
      json: { name: "quantemplate" },
    });
    assert.deepEqual(objects.map(keyOf), ["pipeline/a", "pipeline/b", "pipeline/c"]);
    assert.deepEqual(objects[0]?.references, []);
  });
});

describe("readDefinitions, of global parameters", () => {
  const folder = temporaryFolder();
  const read = (used: string) => {
    for (const kind of ["factory", "linkedService", "dataset", "pipeline", "trigger"])
      mkdirSync(join(folder(), kind), { recursive: true });
    const write = (file: string, json: unknown) => writeFileSync(join(folder(), file), JSON.stringify(json));
    const declare = (name: string) => ({ globalParameters: { [name]: { type: "string", value: "" } } });
    write("factory/quantemplate.json", { name: "quantemplate", properties: declare("sqlServer") });
    write("factory/adf-qt-dev.json", { name: "adf-qt-dev", properties: declare("added") });
    const wait = {
      name: "W",
      type: "Wait",
      typeProperties: { waitTimeInSeconds: `@pipeline().globalParameters.${used}` },
    };
    write("pipeline/p.json", { name: "p", properties: { activities: [wait] } });
    return readDefinitions(folder());
  };

  it("takes one that the factory's file declares, in any case", () => {
    for (const name of ["sqlServer", "SQLSERVER"]) assert.equal(read(name).objects.length, 1);
  });

  it("refuses one that only another factory's file declares", () => {
    assert.throws(() => read("added"), {
      code: "QT1111",
      details: {
        file: "adf-definitions/pipeline/p.json",
        names: "added",
        factory: "adf-definitions/factory/quantemplate.json",
      },
    });
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
    assert.throws(() => inOrder([object("pipeline", "a", ref("dataset", "d"))]), {
      code: "QT1104",
      details: { file: "adf-definitions/pipeline/a.json", kind: "dataset", name: "d" },
    });
  });

  it("names a circle", () => {
    const a = object("pipeline", "a", ref("pipeline", "b"));
    const b = object("pipeline", "b", ref("pipeline", "a"));
    const start = object("trigger", "t", ref("pipeline", "a"));
    const cycle = "pipeline/a → pipeline/b → pipeline/a";
    assert.throws(() => inOrder([start, a, b]), { code: "QT1105", details: { cycle } });
  });
});
