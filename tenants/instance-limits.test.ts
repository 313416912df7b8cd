import assert from "node:assert/strict";
import { goodFile, projectFolder } from "../commands/tenant/testing/project-folder";
import { checkTenant, mistakeLine } from "./check";

describe("The warning about few instances", () => {
  const project = projectFolder();
  const warnings = (instances: string, location: string) => {
    const file = `${goodFile}  quantemplate:function: {maximumInstances: ${instances}}\n`;
    const common = `config:\n  azure-native:location: ${location}\n`;
    return checkTenant(project({ "Pulumi.acme.yaml": file }, common), "acme").map(mistakeLine);
  };

  it("is given below 40 in a region that does not take that, and names those that do", () => {
    const [warning = "", ...others] = warnings("39", "northeurope");
    assert.match(
      warning,
      /warning: quantemplate:function\.maximumInstances is below 40, which Azure takes in westeurope, australiaeast, westus2 only/,
    );
    assert.deepEqual(others, []);
  });

  it("is not given from 40 on, nor in such a region", () => {
    assert.deepEqual(warnings("40", "northeurope"), []);
    assert.deepEqual(warnings("1", "westeurope"), []);
  });

  it("is not given for a number that is refused anyway", () => {
    for (const wrong of ["0", "many", "1.5"]) {
      const [refused = "", ...others] = warnings(wrong, "northeurope");
      assert.match(refused, /maximumInstances expects a whole number/);
      assert.deepEqual(others, []);
    }
  });
});
