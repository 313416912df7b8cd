import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../..";
import { EmulatorError } from "../../errors/emulator-error";
import type { ArmError } from "../arm-error";
import { httpsCall } from "../https-call";
import { ARM_AUDIENCE } from "../identity";
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

  it("refuse a group without a cost centre, and pass the tag on to what is in it", async () => {
    await assert.rejects(put(group, { location: "westeurope" }), refusedBy("lz-tag-on-group"));
    await put(group, { location: "westeurope", tags: { costCentre: "42" } });
    const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one`;
    assert.deepEqual((await put(id, { location: "westeurope" })).tags, { costCentre: "42" });
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
      /counts: the condition `count`/,
    );
  });
});
