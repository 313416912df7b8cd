import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../..";
import { createAzureNativeProvider } from "../../engine/azure-native-provider";
import { addressOf } from "../../engine/resource-provider";
import { EmulatorError } from "../../errors/emulator-error";
import { makePrivateNetwork } from "../../services/network/testing/private-network";
import type { ArmError } from "../arm-error";
import { httpsCall } from "../https-call";
import { ARM_AUDIENCE } from "../identity";
import type { TestEmulator } from "../testing/test-emulator";
import { readPolicies } from "./policy-file";

const shipped = join(__dirname, "../../policies/landing-zone.json");

describe("the landing zone's policies", function () {
  this.timeout(120_000);
  let folder: string;
  let emulator: Emulator;
  let group: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "landing-zone-"));
    emulator = await startEmulator({ folder: join(folder, "state"), policyFile: shipped });
    group = `/subscriptions/${emulator.context.subscriptionId}/resourceGroups/rg`;
  });
  after(async () => {
    await emulator?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (id: string, body: Record<string, unknown>) =>
    emulator.controlPlane.put(id, body, emulator.context.principals.deployer);
  const refusedBy = (assignment: string) => (error: ArmError) => {
    assert.equal(error.code, "RequestDisallowedByPolicy");
    assert.ok(error.message.includes(`policyAssignments/${assignment}"`), error.message);
    return true;
  };

  const asDeployer = () => {
    const { subscriptionId, tenantId, principals } = emulator.context;
    const { controlPlane } = emulator;
    return createAzureNativeProvider({
      controlPlane,
      subscriptionId,
      tenantId,
      principal: principals.deployer,
    });
  };

  it("refuse a group without a cost centre, and pass the tag on to what is in it", async () => {
    await assert.rejects(put(group, { location: "westeurope" }), refusedBy("lz-tag-on-group"));
    await put(group, { location: "westeurope", tags: { costCentre: "42" } });
    const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one`;
    assert.deepEqual((await put(id, { location: "westeurope" })).tags, { costCentre: "42" });
  });

  it("add a tag that is no drift, and that no update takes away", async () => {
    await put(group, { location: "westeurope", tags: { costCentre: "42" } });
    const provider = asDeployer();
    const address = addressOf("urn:pulumi:dev::shop::azure-native:managedidentity:UserAssignedIdentity::i");
    const inputs = {
      resourceGroupName: "rg",
      resourceName: "id-tagged",
      location: "westeurope",
      tags: { ring: "one" },
    };
    const tags = { ring: "one", costCentre: "42" };
    const { id, outputs } = await provider.create(address, inputs, false);
    assert.deepEqual(outputs.tags, tags);
    assert.deepEqual((await provider.read(address, id, inputs, outputs))?.inputs, inputs);
    const changed = await provider.update(address, id, outputs, { ...inputs, tags: { ring: "two" } }, false);
    assert.deepEqual(changed.tags, { ring: "two", costCentre: "42" });
    // A policy that was assigned later, and its remediation: drift, until the next update brings the tag by itself.
    const before = { ...outputs, tags: { ring: "one" } };
    assert.deepEqual((await provider.read(address, id, inputs, before))?.inputs.tags, {
      ring: "two",
      costCentre: "42",
    });
  });

  it("refuse another region", async () => {
    await put(group, { location: "westeurope", tags: { costCentre: "42" } });
    const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-two`;
    await assert.rejects(put(id, { location: "eastus" }), refusedBy("lz-allowed-locations"));
  });

  it("are listed with their assignments, at a scope, above and below it", async () => {
    await put(group, { location: "westeurope", tags: { costCentre: "42" } });
    const { context } = emulator;
    const { token } = context.tokens.issue(context.principals.deployer, ARM_AUDIENCE);
    const subscription = `/subscriptions/${context.subscriptionId}`;
    const names = async (scope: string, filter: string) => {
      const path = `${scope}/providers/Microsoft.Authorization/policyAssignments`;
      const query = new URLSearchParams({ "api-version": "2023-04-01", ...(filter && { $filter: filter }) });
      const { status, body } = await httpsCall(
        `${context.httpsUrl}${path}?${query}`,
        context.certificates.ca,
        { headers: { authorization: `Bearer ${token}` } },
      );
      const { value = [] } = JSON.parse(body.toString()) as { value?: { name: string }[] };
      return status === 200 ? value.map(({ name }) => name) : status;
    };
    const all = await names(subscription, "");
    assert.ok(Array.isArray(all) && all.includes("lz-tag-on-group"));
    assert.deepEqual(await names(group, "atScope()"), all);
    assert.deepEqual(await names(group, "atExactScope()"), []);
    assert.deepEqual(await names(group, "policyDefinitionId eq '/none'"), []);
    assert.equal(await names(group, "nothing()"), 400);
    assert.equal(await names(`${group}-none`, ""), 404);
  });

  const account = { sku: { name: "Basic" } };
  const vault = {
    tenantId: "00000000-0000-0000-0000-000000000000",
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
  };
  for (const [type, name, properties, closed] of [
    ["Microsoft.DataFactory/factories", "adf-one", {}, { publicNetworkAccess: "Disabled" }],
    [
      "Microsoft.Automation/automationAccounts",
      "aa-one",
      account,
      { ...account, publicNetworkAccess: false },
    ],
    ["Microsoft.KeyVault/vaults", "kv-landing-zone", vault, { ...vault, publicNetworkAccess: "Disabled" }],
  ] as const)
    it(`refuse a public ${type} and take a private one`, async () => {
      await put(group, { location: "westeurope", tags: { costCentre: "42" } });
      const id = `${group}/providers/${type}/${name}`;
      await assert.rejects(
        put(id, { location: "westeurope", properties }),
        refusedBy("lz-no-public-network"),
      );
      await put(id, { location: "westeurope", properties: closed });
    });

  it("take a private network, and add their tag to each tracked resource of it", async () => {
    await put(group, { location: "westeurope", tags: { costCentre: "42" } });
    const { context } = emulator;
    const arm = async (_method: string, id: string, body: unknown) => ({
      status: 200,
      json: await put(id, body as Record<string, unknown>),
    });
    const made = { context, arm: arm as unknown as TestEmulator["arm"] };
    const network = await makePrivateNetwork(made, group);
    const server = `${group}/providers/Microsoft.Sql/servers/sql-landing-zone`;
    const administrators = {
      sid: context.principals.deployer.objectId,
      login: "deployer",
      principalType: "Application",
    };
    const open = { location: "westeurope", properties: { administrators } };
    await assert.rejects(put(server, open), refusedBy("lz-no-public-network"));
    await put(server, {
      ...open,
      properties: { ...open.properties, publicNetworkAccess: "Disabled" },
    });
    const zone = await network.zone(server, "sqlServer");
    await network.endpoint("pe-landing-zone", server, "sqlServer", { zone });
    const tracked = [
      network.id,
      zone,
      `${group}/providers/Microsoft.Network/privateEndpoints/pe-landing-zone`,
    ];
    for (const id of tracked) assert.deepEqual(context.resources.get(id)?.tags, { costCentre: "42" }, id);
    assert.equal(context.resources.get(network.subnet("endpoints"))?.tags, undefined);
  });

  it("are no drift in a network whose subnets are resources of their own", async () => {
    await put(group, { location: "westeurope", tags: { costCentre: "42" } });
    const { context } = emulator;
    const provider = asDeployer();
    const of = (type: string) => addressOf(`urn:pulumi:dev::shop::azure-native:network:${type}::n`);
    const names = { resourceGroupName: "rg", virtualNetworkName: "vnet-apart" };
    const inputs = { ...names, location: "westeurope", addressSpace: { addressPrefixes: ["10.9.0.0/24"] } };
    const network = await provider.create(of("VirtualNetwork"), inputs, false);
    const subnet = {
      ...names,
      subnetName: "apps",
      addressPrefix: "10.9.0.0/26",
      delegations: [{ name: "flex", serviceName: "Microsoft.App/environments" }],
    };
    const made = await provider.create(of("Subnet"), subnet, false);
    assert.deepEqual(
      (made.outputs.delegations as { serviceName: string }[])[0]?.serviceName,
      "Microsoft.App/environments",
    );
    const read = await provider.read(of("VirtualNetwork"), network.id, inputs, network.outputs);
    assert.deepEqual(read?.inputs, inputs);
    assert.equal(read?.outputs.subnets, undefined);
    assert.deepEqual((await provider.read(of("Subnet"), made.id, subnet, made.outputs))?.inputs, subnet);
    await provider.update(
      of("VirtualNetwork"),
      network.id,
      network.outputs,
      { ...inputs, tags: { a: "b" } },
      false,
    );
    assert.ok(context.resources.get(made.id), "an update of the network leaves its subnets");
  });

  it("a file that cannot be evaluated is refused, with the reason", async () => {
    const file = join(folder, "policy.json");
    const refuses = async (content: unknown, reason: RegExp) => {
      await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
      await assert.rejects(readPolicies(file), (error: EmulatorError) => {
        assert.ok(error instanceof EmulatorError);
        assert.equal(error.code, "QT6005");
        assert.match(error.message, reason);
        return true;
      });
    };
    await refuses("{", /JSON/);
    await refuses({ policyDefinitions: [] }, /policyAssignments/);
    // biome-ignore lint/suspicious/noThenProperty: Azure's name
    const policyRule = { if: { count: {} }, then: { effect: "deny" } };
    const properties = { policyRule };
    await refuses(
      {
        policyDefinitions: [{ name: "counts", properties }],
        policyAssignments: [{ name: "lz", properties: { policyDefinitionId: "counts" } }],
      },
      /policy definition counts: policyRule\.if: the condition `count`/,
    );
  });
});

describe("what a policy writes into a request", function () {
  this.timeout(120_000);
  const junk = ["[field('tags')]", "[resourceGroup().tags.none]", "[concat(field('id'), field('id'))]"];
  const fields = [
    "tags['<x>']",
    "tags.a",
    ...["networkAcls", "minimumTlsVersion", "encryption"].map(
      (property) => `Microsoft.Storage/storageAccounts/${property}`,
    ),
    "Microsoft.Insights/components/Application_Type",
  ];
  const groups = fields
    .flatMap((field) => junk.map((value) => ({ field, value })))
    .map((change, index) => ({ ...change, name: `rg-${index}` }));
  let folder: string;
  let emulator: Emulator;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "policy-junk-"));
    const policyFile = join(folder, "policy.json");
    const definitions = groups.map(({ field, value, name }) => ({
      name,
      policyRule: {
        if: { field: "type", like: "*" },
        // biome-ignore lint/suspicious/noThenProperty: Azure's name
        then: { effect: "modify", details: { operations: [{ operation: "addOrReplace", field, value }] } },
      },
      mode: "Indexed",
    }));
    const assignments = groups.map(({ name }) => ({
      name,
      policyDefinitionId: name,
      scope: `/resourceGroups/${name}`,
    }));
    await writeFile(
      policyFile,
      JSON.stringify({ policyDefinitions: definitions, policyAssignments: assignments }),
    );
    emulator = await startEmulator({ folder: join(folder, "state"), policyFile });
  });
  after(async () => {
    await emulator?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("is checked as if the client had sent it", async () => {
    const { context, controlPlane } = emulator;
    const { deployer } = context.principals;
    const answers: (string | undefined)[] = [];
    for (const { name } of groups) {
      const group = `/subscriptions/${context.subscriptionId}/resourceGroups/${name}`;
      await controlPlane.put(group, { location: "westeurope" }, deployer);
      for (const [type, body] of [
        ["Microsoft.Storage/storageAccounts", { kind: "StorageV2", sku: { name: "Standard_LRS" } }],
        ["Microsoft.Insights/components", { kind: "web", properties: { Application_Type: "web" } }],
      ] as const) {
        const id = `${group}/providers/${type}/${name.replace("-", "")}junk`;
        const sent = { location: "westeurope", tags: { of: "client" }, ...body };
        const made = controlPlane.put(id, sent, deployer);
        answers.push(
          await made.then(
            () => undefined,
            (error: ArmError) => `${error.status} ${error.code}`,
          ),
        );
      }
    }
    const refused = answers.filter((answer) => answer !== undefined);
    assert.deepEqual(
      refused.filter((answer) => !/^4\d\d /.test(answer)),
      [],
    );
    assert.ok(refused.length >= 10, `only ${refused.length} were refused`);
  });
});
