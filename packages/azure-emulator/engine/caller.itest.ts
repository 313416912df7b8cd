import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { packagesRoot } from "../../kit/testing/packages-root";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { KEY_VAULT_AUDIENCE } from "../control-plane/identity";
import { callerEnvironment } from "../control-plane/network/caller-environment";
import { startTestEmulator } from "../control-plane/testing/test-emulator";
import { createKeyVaultService } from "../services/key-vault";
import { createNetworkService } from "../services/network";
import { makePrivateNetwork } from "../services/network/testing/private-network";
import { createEngine } from ".";

/** Asks an address from the process of the dynamic resources, and keeps the status of the answer. */
class Visit extends pulumi.dynamic.Resource {
  declare readonly status: pulumi.Output<number>;
  constructor(name: string, url: string, token: string) {
    const provider: pulumi.dynamic.ResourceProvider = {
      async create(inputs) {
        const headers = { authorization: `Bearer ${inputs.token}` };
        const { status } = await fetch(inputs.url, { headers });
        return { id: inputs.url, outs: { ...inputs, status } };
      },
    };
    super(provider, name, { url, token, status: undefined });
  }
}

describe("a program's dynamic resources", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it("connect from the subnet of their stack's runner", async () => {
    const emulator = await startTestEmulator((context) => [
      createKeyVaultService(context),
      createNetworkService(context),
    ]);
    try {
      const { context, controlPlane, group } = emulator;
      const network = await makePrivateNetwork(emulator, group);
      const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-runner`;
      const { json } = await emulator.arm("PUT", vault, {
        location: "westeurope",
        properties: {
          tenantId: context.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          publicNetworkAccess: "Disabled",
        },
      });
      await network.endpoint("pe-runner", vault, "vault", { zone: await network.zone(vault, "vault") });
      const { token } = context.tokens.issue(context.principals.deployer, KEY_VAULT_AUDIENCE);
      // No secret of this name: only who reaches the vault and has its role learns that.
      const url = `${json.properties.vaultUri}secrets/none?api-version=7.4`;
      const project = { name: "visits", root: packagesRoot() };
      const engine = await createEngine({
        project,
        folder: folder(),
        pulumi: "in-process",
        context,
        controlPlane,
      });
      const visit = async (name: string, environment?: Record<string, string>) => {
        const program = async () => ({ status: new Visit("visit", url, token).status });
        const { outputs } = await engine.up({
          name,
          config: {},
          program,
          ...(environment && { environment }),
        });
        return outputs.status?.value;
      };
      const inside = await callerEnvironment(context, {
        kind: "subnet",
        subnetId: network.subnet("runners"),
      });
      await emulator.arm(
        "PUT",
        `${vault}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
        {
          properties: {
            roleDefinitionId: "/x/4633458b-17de-408a-b874-0445c86b69e6",
            principalId: context.principals.deployer.objectId,
          },
        },
      );
      assert.equal(await visit("outside"), 403);
      assert.equal(await visit("inside", inside), 404);
    } finally {
      await emulator.stop();
    }
  });
});
