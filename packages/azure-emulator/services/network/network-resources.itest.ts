import assert from "node:assert/strict";
import { ARM_AUDIENCE } from "../../control-plane/identity";
import {
  startTestEmulator,
  type TestEmulator,
  type TestReply,
} from "../../control-plane/testing/test-emulator";
import { createKeyVaultService } from "../key-vault";
import { createNetworkService } from ".";
import { makePrivateNetwork, type PrivateNetwork } from "./testing/private-network";

const NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7";

describe("resources of virtual networks", () => {
  let emulator: TestEmulator;
  let network: PrivateNetwork;
  let vault: string;

  before(async () => {
    emulator = await startTestEmulator((context) => [
      createKeyVaultService(context),
      createNetworkService(context),
    ]);
    network = await makePrivateNetwork(emulator, emulator.group);
    vault = `${emulator.group}/providers/Microsoft.KeyVault/vaults/kv-network`;
    const properties = { tenantId: emulator.context.tenantId, sku: { family: "A", name: "standard" } };
    const made = await emulator.arm("PUT", vault, {
      location: "westeurope",
      properties: { ...properties, enableRbacAuthorization: true },
    });
    assert.equal(made.status, 201, made.text);
  });
  after(() => emulator.stop());

  const put = (id: string, properties: object, location?: string) =>
    emulator.arm("PUT", id, { ...(location && { location }), properties });
  /** Deletes, and waits until it is over. */
  const remove = (id: string) => emulator.controlPlane.delete(id, emulator.context.principals.deployer);
  const refused = (answer: TestReply, code: string, words: RegExp) => {
    assert.equal(answer.json?.error?.code, code, answer.text);
    assert.match(answer.text, words);
  };
  const subnet = (name: string, addressPrefix: string, more = {}) =>
    put(`${network.id}/subnets/${name}`, { addressPrefix, ...more });

  /** Without its subnets, which stay. */
  async function putNetwork(more: object): Promise<void> {
    const addressSpace = { addressPrefixes: ["10.1.0.0/24"] };
    assert.equal((await put(network.id, { addressSpace, ...more }, "westeurope")).status, 200);
  }

  it("show a subnet in its network, however it was made", async () => {
    assert.equal((await subnet("more", "10.1.0.96/27")).status, 201);
    const names = async () => {
      const { json } = await emulator.arm("GET", network.id);
      return json.properties.subnets.map(({ name }: { name: string }) => name);
    };
    assert.deepEqual(await names(), ["endpoints", "apps", "runners", "more"]);
    await putNetwork({});
    assert.deepEqual(await names(), ["endpoints", "apps", "runners", "more"]);
    await remove(`${network.id}/subnets/more`);
    assert.deepEqual(await names(), ["endpoints", "apps", "runners"]);
  });

  it("keep their peerings, which a PUT may leave out", async () => {
    const peerings = async () => {
      const { json } = await emulator.arm("GET", network.id);
      return json.properties.virtualNetworkPeerings.map(({ name }: { name: string }) => name);
    };
    const remote = network.id.replace(/[^/]+$/, "another");
    await putNetwork({
      virtualNetworkPeerings: [{ name: "hub", properties: { remoteVirtualNetwork: { id: remote } } }],
    });
    await putNetwork({});
    assert.deepEqual(await peerings(), ["hub"]);
    await putNetwork({ virtualNetworkPeerings: [] });
    assert.deepEqual(await peerings(), []);
  });

  it("refuses a range that does not begin where it says", async () => {
    refused(await subnet("odd", "10.1.0.97/27"), "InvalidCIDRNotation", /10\.1\.0\.97\/27/);
    refused(await subnet("odd", "10.1.0.300/27"), "InvalidCIDRNotation", /10\.1\.0\.300\/27/);
  });

  it("refuses a subnet outside of the network's address space", async () => {
    refused(await subnet("out", "10.2.0.0/27"), "NetcfgSubnetRangeOutsideVnet", /'out'.*outside/);
  });

  it("refuses a subnet that overlaps with another one", async () => {
    refused(await subnet("over", "10.1.0.0/28"), "NetcfgSubnetRangesOverlap", /'over'.*overlaps/);
  });

  it("keeps a subnet that is in use, and its network", async () => {
    assert.equal((await network.endpoint("pe-used", vault, "vault")).status, 201);
    const own = network.subnet("endpoints");
    refused(await emulator.arm("DELETE", own), "InUseSubnetCannotBeDeleted", /pe-used/);
    refused(await emulator.arm("DELETE", network.id), "InUseSubnetCannotBeDeleted", /pe-used/);
    const without = { addressSpace: { addressPrefixes: ["10.1.0.0/24"] }, subnets: [] };
    refused(await put(network.id, without, "westeurope"), "InUseSubnetCannotBeDeleted", /pe-used/);
  });

  it("keeps a security group that a subnet has", async () => {
    const id = `${emulator.group}/providers/Microsoft.Network/networkSecurityGroups/nsg-one`;
    assert.equal((await put(id, {}, "westeurope")).status, 201);
    const made = await subnet("guarded", "10.1.0.128/27", { networkSecurityGroup: { id } });
    assert.equal(made.status, 201, made.text);
    refused(await emulator.arm("DELETE", id), "InUseNetworkSecurityGroupCannotBeDeleted", /guarded/);
    await remove(`${network.id}/subnets/guarded`);
    await remove(id);
  });

  it("refuses an endpoint for what does not exist", async () => {
    refused(
      await network.endpoint("pe-none", `${vault}-none`, "vault"),
      "InvalidResourceReference",
      /kv-network-none/,
    );
  });

  it("refuses a group that the target does not have", async () => {
    refused(await network.endpoint("pe-group", vault, "blob"), "BadRequest", /Invalid groupId 'blob'.*vault/);
  });

  it("refuses an endpoint in a delegated subnet", async () => {
    const connection = { name: "c", properties: { privateLinkServiceId: vault, groupIds: ["vault"] } };
    const answer = await put(
      `${emulator.group}/providers/Microsoft.Network/privateEndpoints/pe-delegated`,
      { subnet: { id: network.subnet("apps") }, privateLinkServiceConnections: [connection] },
      "westeurope",
    );
    refused(answer, "PrivateEndpointCreationNotAllowedAsSubnetIsDelegated", /delegated/);
  });

  it("needs the right to approve, or waits", async () => {
    const { context, group } = emulator;
    const clerk = context.principals.ofResource(`${group}/clerk`, "clerk");
    await put(`${group}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`, {
      principalId: clerk.objectId,
      roleDefinitionId: `/x/${NETWORK_CONTRIBUTOR}`,
    });
    const { token } = context.tokens.issue(clerk, ARM_AUDIENCE);
    const auto = await network.endpoint("pe-clerk", vault, "vault", { token });
    refused(auto, "LinkedAuthorizationFailed", /vaults\/privateEndpointConnectionsApproval\/action/);
    const manual = await network.endpoint("pe-clerk", vault, "vault", { token, manual: true });
    assert.equal(manual.status, 201, manual.text);
    const [waiting] = manual.json.properties.manualPrivateLinkServiceConnections;
    assert.equal(waiting.properties.privateLinkServiceConnectionState.status, "Pending");
  });

  it("links a network with one zone of a name", async () => {
    const zone = await network.zone(vault, "vault");
    const again = await put(
      `${zone}/virtualNetworkLinks/again`,
      { virtualNetwork: { id: network.id } },
      "global",
    );
    refused(again, "BadRequest", /overlapping namespaces.*privatelink\.vaultcore\.azure\.net/);
  });

  it("keeps a zone that has links", async () => {
    const zone = await network.zone(vault, "vault");
    refused(await emulator.arm("DELETE", zone), "CannotDeleteResource", /nested resources/);
  });

  it("makes no connection by a PUT", async () => {
    const answer = await put(`${vault}/privateEndpointConnections/mine`, {
      privateLinkServiceConnectionState: { status: "Approved", description: "" },
    });
    refused(answer, "ResourceNotFound", /mine/);
  });

  it("write the names of an approved endpoint into its zone, and take them away with it", async () => {
    const zone = await network.zone(vault, "vault");
    assert.equal((await network.endpoint("pe-named", vault, "vault", { zone })).status, 201);
    const { json } = await emulator.arm("GET", `${zone}/A/kv-network`);
    assert.match(json.properties.aRecords[0].ipv4Address, /^10\.1\.0\.\d+$/);
    const endpoint = `${emulator.group}/providers/Microsoft.Network/privateEndpoints/pe-named`;
    await remove(endpoint);
    assert.equal((await emulator.arm("GET", `${zone}/A/kv-network`)).status, 404);
    const connections = await emulator.arm("GET", `${vault}/privateEndpointConnections`);
    assert.ok(!connections.text.includes("pe-named"), connections.text);
  });
});
