import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { azureResourceTypes, catalogueOf } from "../../packages/azure-resource-types";
import { dryRun } from "./dry-run";

class Machine extends pulumi.CustomResource {}

const types = catalogueOf([
  ...azureResourceTypes.types,
  {
    type: "Microsoft.Compute/virtualMachines",
    apiVersion: "2024-05-01",
    tokens: {
      "azure-native:compute:VirtualMachine": "Microsoft.Compute/virtualMachines/{vmName}",
    },
    runs: "nowhere",
  },
]);

describe("a dry run of a type that the emulator would not deploy", () => {
  const problemsOf = async (token: string, described = types): Promise<string> => {
    const program = async () => {
      const inputs = { resourceGroupName: "rg", vmName: "machine" };
      new Machine(token, "machine", inputs);
    };
    const { problems } = await dryRun("dev", undefined, { config: {}, program }, described);
    return problems.join("\n");
  };

  it("fails as the deployment would, whether the type has no service or no descriptor", async () => {
    const described = "azure-native:compute:VirtualMachine";
    assert.match(
      await problemsOf(described),
      /QT6001: .* resources of type Microsoft\.Compute\/virtualMachines/,
    );
    assert.match(await problemsOf(described, azureResourceTypes), /QT7001: .*compute:VirtualMachine/);
  });
});
