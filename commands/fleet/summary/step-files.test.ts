import assert from "node:assert/strict";
import type { PropertyChange } from "./model";
import { scriptFile, stepChanges, stepType } from "./step-files";

const change = (path: string): PropertyChange => ({
  path,
  kind: "update",
  form: "value",
  before: "1",
  after: "2",
  secret: false,
  replaces: true,
});
const shown = (type: string, path: string, file?: string, before: object = {}, after: object = {}) =>
  stepChanges(type, [change(path)], file, { inputs: before }, { inputs: after });

describe("The changes of a step of the program", () => {
  it("have no prefix for its inputs; other properties stay as they are", () => {
    for (const type of [stepType.key, stepType.migration, stepType.runbook]) {
      assert.deepEqual(shown(type, "inputs.server"), [change("server")]);
      assert.deepEqual(shown(type, "inputs.a.b"), [change("a.b")]);
      for (const path of ["step", "other.files", "inputs"])
        assert.deepEqual(shown(type, path), [change(path)]);
    }
  });

  it("stay as they are if the resource is no step", () => {
    assert.deepEqual(shown("azure-native:web:WebApp", "inputs.server"), [change("inputs.server")]);
  });

  it("name the migration's SQL files", () => {
    const { kind, secret, replaces } = change("");
    assert.deepEqual(shown(stepType.migration, 'inputs.files["repeatable/p.sql"]'), [
      { path: "database/tsql/repeatable/p.sql", kind, form: "name", secret, replaces },
    ]);
    assert.deepEqual(shown(stepType.migration, "inputs.files"), [change("files")]);
    assert.deepEqual(shown(stepType.code, 'inputs.files["a.js"]'), [change('files["a.js"]')]);
  });

  it("list the migration's datasets by id and its users by name, if they have them", () => {
    const lists = (key: string, old: string, now: string) => [
      [{ [key]: "a", v: old }],
      [{ [key]: "a", v: now }],
    ];
    for (const [input, key] of [
      ["datasets", "id"],
      ["users", "name"],
    ] as const) {
      const [before, after] = lists(key, "1", "2");
      const paths = shown(
        stepType.migration,
        `inputs.${input}`,
        undefined,
        { [input]: before },
        { [input]: after },
      );
      assert.deepEqual(
        paths.map(({ path }) => path),
        [`${input}.a.v`],
      );
      const whole = shown(
        stepType.migration,
        `inputs.${input}`,
        undefined,
        { [input]: "x" },
        { [input]: after },
      );
      assert.deepEqual(whole, [change(input)]);
    }
    const [before, after] = lists("name", "1", "2");
    assert.deepEqual(
      shown(stepType.migration, "inputs.others", undefined, { others: before }, { others: after }),
      [change("others")],
    );
  });

  it("show a runbook's content under its file", () => {
    const file = "runbooks/a.ps1";
    assert.deepEqual(shown(stepType.runbook, "inputs.content", file), [change(file)]);
    assert.deepEqual(shown(stepType.runbook, "inputs.runbookId", file), [change("runbookId")]);
    assert.deepEqual(shown(stepType.runbook, "inputs.content"), [change("content")]);
    assert.deepEqual(shown(stepType.code, "inputs.content", file), [change("content")]);
  });
});

describe("The script of a step", () => {
  it("is a runbook's file", () => {
    assert.equal(scriptFile(stepType.runbook, { inputs: { file: "a.ps1" } }), "a.ps1");
    assert.equal(scriptFile(stepType.runbook, { inputs: { file: 1 } }), undefined);
    assert.equal(scriptFile(stepType.runbook, {}), undefined);
    assert.equal(scriptFile(stepType.code, { inputs: { file: "a.ps1" } }), undefined);
  });
});
