import assert from "node:assert/strict";
import { azureResourceTypes } from "../../azure-resource-types";
import { CodedError } from "../../kit/errors/coded-error";
import { describedType, knownResourceId } from "./resource-map";
import { unknown } from "./wire-values";

describe("engine: resource map", () => {
  it("refuses a type without a descriptor by name", () => {
    assert.throws(
      () => describedType(azureResourceTypes, "azure-native:compute:VirtualMachine"),
      (error) =>
        error instanceof CodedError &&
        error.code === "QT7001" &&
        error.message.includes("compute:VirtualMachine"),
    );
  });

  it("returns no id while a part is unknown", () => {
    const server = describedType(azureResourceTypes, "azure-native:sql:Server");
    const inputs = { resourceGroupName: "rg", serverName: unknown };
    assert.equal(knownResourceId(server, inputs, "s"), undefined);
    assert.match(knownResourceId(server, { ...inputs, serverName: "x" }, "s") ?? "", /servers\/x$/);
  });
});
