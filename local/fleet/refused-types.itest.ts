import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { azureResourceTypes, catalogueOf } from "../../packages/azure-resource-types";
import { dryRun } from "./dry-run";

class Network extends pulumi.CustomResource {}

const types = catalogueOf([
  ...azureResourceTypes.types,
  {
    type: "Microsoft.Network/virtualNetworks",
    apiVersion: "2024-05-01",
    tokens: {
      "azure-native:network:VirtualNetwork": "Microsoft.Network/virtualNetworks/{virtualNetworkName}",
    },
    runs: "nowhere",
  },
]);

describe("a dry run of a type that the emulator would not deploy", () => {
  const problemsOf = async (token: string, described = types): Promise<string> => {
    const program = async () => {
      const inputs = { resourceGroupName: "rg", virtualNetworkName: "net", subnetName: "sub" };
      new Network(token, "network", inputs);
    };
    const { problems } = await dryRun("dev", undefined, { config: {}, program }, described);
    return problems.join("\n");
  };

  it("fails as the deployment would, whether the type has no service or no descriptor", async () => {
    const described = "azure-native:network:VirtualNetwork";
    assert.match(
      await problemsOf(described),
      /QT6001: .* resources of type Microsoft\.Network\/virtualNetworks/,
    );
    assert.match(await problemsOf(described, azureResourceTypes), /QT7001: .*network:VirtualNetwork/);
  });
});
