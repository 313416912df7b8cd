import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { httpsCall } from "../../control-plane/https-call";
import { ARM_AUDIENCE, KEY_VAULT_AUDIENCE } from "../../control-plane/identity";
import { AZURE_IP, LAPTOP_IP } from "../../control-plane/network/callers";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createNetworkService } from "../network";
import { makePrivateNetwork, type PrivateNetwork } from "../network/testing/private-network";
import { createKeyVaultService } from ".";

const USER = "4633458b-17de-408a-b874-0445c86b69e6";

/** Every expectation is a call: a secret that comes, or Key Vault's refusal. */
describe("reaching a vault", () => {
  let emulator: TestEmulator;
  let network: PrivateNetwork;
  let vault: string;
  let zone: string;

  before(async () => {
    emulator = await startTestEmulator((context) => [
      createKeyVaultService(context),
      createNetworkService(context),
    ]);
    network = await makePrivateNetwork(emulator, emulator.group);
    vault = `${emulator.group}/providers/Microsoft.KeyVault/vaults/kv-reach`;
    await set({});
    const id = `${vault}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    await arm("PUT", id, {
      properties: {
        roleDefinitionId: `/x/${USER}`,
        principalId: emulator.context.principals.deployer.objectId,
      },
    });
    await arm("PUT", `${vault}/secrets/word`, { properties: { value: "hello" } });
  });
  after(() => emulator.stop());

  const arm = async (method: string, id: string, body?: object) => {
    const answer = await emulator.arm(method, id, body);
    assert.ok(answer.status < 300, answer.text);
    return answer;
  };
  const set = (properties: object) =>
    arm("PUT", vault, {
      location: "westeurope",
      properties: {
        tenantId: emulator.context.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        ...properties,
      },
    });
  /** Reads the secret, from an address. */
  const read = async (localAddress?: string) => {
    const { context } = emulator;
    const { token } = context.tokens.issue(context.principals.deployer, KEY_VAULT_AUDIENCE);
    const uri = String(context.resources.get(vault)?.properties.vaultUri);
    const headers = { authorization: `Bearer ${token}` };
    const url = `${uri}secrets/word?api-version=7.4`;
    const { status, body } = await httpsCall(url, context.certificates.ca, { headers, localAddress });
    return { status, json: JSON.parse(body.toString()) };
  };
  const closed = async (localAddress: string | undefined, inner: string, words: RegExp) => {
    const { status, json } = await read(localAddress);
    assert.equal(status, 403, JSON.stringify(json));
    assert.equal(json.error.code, "Forbidden");
    assert.equal(json.error.innererror.code, inner);
    assert.match(json.error.message, words);
  };
  const byConnection = (address?: string) =>
    closed(address, "ForbiddenByConnection", /^Public network access is disabled .* approved private link/);

  it("answers what comes by an approved private endpoint only", async () => {
    await set({ publicNetworkAccess: "Disabled" });
    const runner = await network.from("runners");
    await byConnection();
    await byConnection(runner);
    // The endpoint alone does not help: the name still leads to the public address.
    await network.endpoint("pe-vault", vault, "vault");
    await byConnection(runner);
    zone = await network.zone(vault, "vault", false);
    await arm(
      "PUT",
      `${emulator.group}/providers/Microsoft.Network/privateEndpoints/pe-vault/privateDnsZoneGroups/default`,
      {
        properties: { privateDnsZoneConfigs: [{ name: "zone", properties: { privateDnsZoneId: zone } }] },
      },
    );
    await byConnection(runner);
    await network.zone(vault, "vault");
    assert.equal((await read(runner)).json.value, "hello");
    // Outside it stays closed.
    await byConnection();
    const [connection] = (await arm("GET", `${vault}/privateEndpointConnections`)).json.value;
    const answer = (status: string) =>
      arm("PUT", connection.id, {
        properties: { privateLinkServiceConnectionState: { status, description: "by the owner" } },
      });
    await answer("Rejected");
    await assert.rejects(read(runner), /socket hang up|ECONNRESET/);
    await answer("Approved");
    assert.equal((await read(runner)).json.value, "hello");
  });

  it("asks its firewall about what comes by the public address", async () => {
    const other = await makePrivateNetwork(emulator, emulator.group, "vnet-other");
    const acls = (more: object) => set({ networkAcls: { defaultAction: "Deny", bypass: "None", ...more } });
    const outside = await other.from("runners");
    await acls({});
    const byFirewall = (address: string | undefined, ip: string) =>
      closed(address, "ForbiddenByFirewall", new RegExp(`Client address: ${ip.replaceAll(".", "\\.")}`));
    await byFirewall(undefined, LAPTOP_IP);
    await byFirewall(outside, AZURE_IP);
    await acls({ ipRules: [{ value: `${LAPTOP_IP}/32` }] });
    assert.equal((await read()).status, 200);
    await acls({ virtualNetworkRules: [{ id: other.subnet("runners") }] });
    await byFirewall(undefined, LAPTOP_IP);
    assert.equal((await read(outside)).status, 200);
    // A private endpoint goes past the firewall.
    assert.equal((await read(await network.from("runners"))).status, 200);
    await set({});
    assert.equal((await read()).status, 200);
  });

  it("answers a program that runs in the network, whose client knows nothing of it", async () => {
    await set({ publicNetworkAccess: "Disabled" });
    const { context } = emulator;
    const { token } = context.tokens.issue(context.principals.deployer, ARM_AUDIENCE);
    const variables = (subnet: string) =>
      emulator.call(`${context.httpsUrl}/network/environment?subnet=${subnet}`, {
        headers: { authorization: `Bearer ${token}` },
      });
    assert.match((await variables("vnet-test/none")).text, /QT6151.*vnet-test\/runners/);
    const inside = (await variables("vnet-test/runners")).json;
    const secret = context.tokens.issue(context.principals.deployer, KEY_VAULT_AUDIENCE).token;
    const url = `${context.resources.get(vault)?.properties.vaultUri}secrets/word?api-version=7.4`;
    const script = `fetch(${JSON.stringify(url)}, { headers: { authorization: "Bearer ${secret}" } }).then((answer) => console.log(answer.status))`;
    const run = async (env: object) => {
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
        env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: context.certificates.caFile, ...env },
      });
      return stdout.trim();
    };
    assert.equal(await run({}), "403");
    assert.equal(await run(inside), "200");
    await set({});
  });

  it("answers a network that is peered with the endpoint's from both sides", async () => {
    await set({ publicNetworkAccess: "Disabled" });
    const hub = await makePrivateNetwork(emulator, emulator.group, "vnet-hub");
    const link = `${zone}/virtualNetworkLinks/hub`;
    await arm("PUT", link, { location: "global", properties: { virtualNetwork: { id: hub.id } } });
    const runner = await hub.from("runners");
    const peer = (of: PrivateNetwork, to: PrivateNetwork) =>
      arm("PUT", of.id, {
        location: "westeurope",
        properties: {
          addressSpace: { addressPrefixes: ["10.1.0.0/24"] },
          virtualNetworkPeerings: [{ name: "peer", properties: { remoteVirtualNetwork: { id: to.id } } }],
        },
      });
    // The name leads to an address to which there is no route.
    await assert.rejects(read(runner), /socket hang up|ECONNRESET/);
    await peer(hub, network);
    await assert.rejects(read(runner), /socket hang up|ECONNRESET/);
    await peer(network, hub);
    assert.equal((await read(runner)).status, 200);
    await set({});
  });

  it("finds no address in a linked zone that lacks the vault's name", async () => {
    await arm("DELETE", `${zone}/A/kv-reach`);
    await assert.rejects(read(await network.from("runners")), /socket hang up|ECONNRESET/);
    await arm("PUT", `${zone}/virtualNetworkLinks/link`, {
      location: "global",
      properties: {
        virtualNetwork: { id: network.id },
        registrationEnabled: false,
        resolutionPolicy: "NxDomainRedirect",
      },
    });
    assert.equal((await read(await network.from("runners"))).status, 200);
  });
});
