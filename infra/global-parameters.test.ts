import assert from "node:assert/strict";
import { QtError } from "../errors/qt-error";
import { inheritedNames, withInheritedNames } from "../packages/kit/testing/inherited-names";
import { globalParameters } from "./global-parameters";

const factory = {
  name: "f",
  properties: { globalParameters: { sqlServer: { type: "string", value: "placeholder" } } },
};

describe("globalParameters", () => {
  it("takes names and types from Studio, and values from the deployment", () => {
    assert.deepEqual(globalParameters(factory, { sqlServer: "s" }, "f.json"), {
      sqlServer: { type: "String", value: "s" },
    });
  });

  it("refuses a value that the factory does not declare, so that no run looks for it in vain", () => {
    assert.throws(() => globalParameters(factory, { sqlServer: "s", unused: "u" }, "f.json"), {
      code: "QT1110",
      details: { file: "f.json", names: "unused" },
    });
    assert.throws(() => globalParameters({ name: "adf-dev", properties: {} }, { sqlServer: "s" }, "f.json"), {
      code: "QT1110",
    });
  });

  it("refuses a parameter that nothing sets, and lists the known values", () => {
    assert.throws(
      () => globalParameters(factory, { sqlDatabase: "d" }, "f.json"),
      (error: unknown) =>
        error instanceof QtError &&
        error.code === "QT1106" &&
        /sqlServer/.test(error.message) &&
        /sqlDatabase/.test(error.next),
    );
  });

  it("refuses an unset parameter also if every object inherits its name", () => {
    const named = { properties: { globalParameters: withInheritedNames(() => ({ type: "string" })) } };
    assert.throws(() => globalParameters(named, {}, "f.json"), {
      code: "QT1106",
      details: { file: "f.json", names: inheritedNames.join(", "), known: "" },
    });
  });
});
