import assert from "node:assert/strict";
import { type ExistingKind, pipelineStarterActions } from "../existing/kinds";
import { armError, type FakeAnswer, type FakeArm, startFakeArm } from "../testing/fake-arm";
import { existingResource } from "./existing-resource";

const subscription = "00000000-0000-0000-0000-00000000005b";
const directory = "00000000-0000-0000-0000-00000000007e";
const admin = "00000000-0000-0000-0000-00000000ad31";
const under = `/subscriptions/${subscription}/resourceGroups/rg-platform/providers`;

interface Case {
  readonly kind: ExistingKind;
  readonly id: string;
  /** What fits. */
  readonly live: Readonly<Record<string, unknown>> & { readonly properties?: object };
  readonly facts: Readonly<Record<string, string>>;
  /** Changes of what is live, and what is said of each. */
  readonly refused: readonly (readonly [change: object, code: string, says: RegExp])[];
}

const cases: readonly Case[] = [
  {
    kind: "resourceGroup",
    id: `/subscriptions/${subscription}/resourceGroups/rg-claims`,
    live: { location: "germanywestcentral", tags: { project: "claims" } },
    facts: {},
    refused: [
      [
        { tags: { project: "quantemplate", tenant: "beta" } },
        "QT1264",
        /the stack beta made; this is the stack acme/,
      ],
    ],
  },
  {
    kind: "automationAccount",
    id: `${under}/Microsoft.Automation/automationAccounts/aa-platform`,
    live: {
      location: "West Europe",
      identity: { type: "SystemAssigned", principalId: "p-1" },
      properties: {},
    },
    facts: { principalId: "p-1" },
    refused: [
      [{ location: "northeurope" }, "QT1262", /in the region northeurope; the tenant is in westeurope/],
      [{ identity: { type: "UserAssigned" } }, "QT1263", /no system-assigned identity/],
      [{ properties: { disableLocalAuth: true } }, "QT1263", /disableLocalAuth on/],
      [{ properties: { publicNetworkAccess: false } }, "QT1263", /publicNetworkAccess off/],
      [{ tags: { Project: "quantemplate", Tenant: "acme" } }, "QT1264", /the stack acme made/],
    ],
  },
  {
    kind: "sqlServer",
    id: `${under}/Microsoft.Sql/servers/sql-platform`,
    live: {
      location: "westeurope",
      properties: { fullyQualifiedDomainName: "sql.test", administrators: { sid: admin.toUpperCase() } },
    },
    facts: { host: "sql.test" },
    refused: [
      [{ location: "uksouth" }, "QT1262", /uksouth/],
      [{ properties: {} }, "QT1263", /has no Microsoft Entra administrator/],
      [
        { properties: { administrators: { sid: directory } } },
        "QT1263",
        /has the administrator 00000000-0000-0000-0000-00000000007e, and the setting sqlAdmin names 00000000-0000-0000-0000-00000000ad31/,
      ],
    ],
  },
  {
    kind: "elasticPool",
    id: `${under}/Microsoft.Sql/servers/sql-platform/elasticPools/pool`,
    live: { location: "westeurope" },
    facts: {},
    refused: [[{ location: "uksouth" }, "QT1262", /uksouth/]],
  },
  {
    kind: "logAnalyticsWorkspace",
    id: `${under}/Microsoft.OperationalInsights/workspaces/log-platform`,
    live: { location: "northeurope" },
    facts: {},
    refused: [],
  },
  {
    kind: "keyVault",
    id: `${under}/Microsoft.KeyVault/vaults/kv-platform`,
    live: {
      location: "northeurope",
      properties: { enableRbacAuthorization: true, tenantId: directory, vaultUri: "https://kv.test/" },
    },
    facts: { uri: "https://kv.test/" },
    refused: [
      [{ properties: { tenantId: directory } }, "QT1263", /enableRbacAuthorization is not on/],
      [
        { properties: { enableRbacAuthorization: true, tenantId: admin } },
        "QT1263",
        /belongs to the directory 00000000-0000-0000-0000-00000000ad31/,
      ],
    ],
  },
  {
    kind: "functionIdentity",
    id: `${under}/Microsoft.ManagedIdentity/userAssignedIdentities/id-platform`,
    live: { location: "northeurope", properties: { clientId: "c-1", principalId: "p-1" } },
    facts: { clientId: "c-1", principalId: "p-1" },
    refused: [],
  },
  {
    kind: "pipelineStarterRole",
    id: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${admin}`,
    live: {
      properties: { permissions: [{ actions: pipelineStarterActions.map((one) => one.toLowerCase()) }] },
    },
    facts: {},
    refused: [
      [
        { properties: { permissions: [{ actions: pipelineStarterActions.slice(1) }] } },
        "QT1263",
        /does not allow Microsoft\.DataFactory\/factories\/pipelines\/createrun\/action/,
      ],
      [
        { properties: { permissions: [{ actions: ["*"], notActions: ["Microsoft.DataFactory/*/read"] }] } },
        "QT1263",
        /does not allow Microsoft\.DataFactory\/factories\/pipelineruns\/read, Microsoft\.DataFactory\/factories\/querypipelineruns\/read\./,
      ],
    ],
  },
];

describe("The check of what a tenant brings", () => {
  let arm: FakeArm;
  let answer: FakeAnswer;
  before(async () => {
    arm = await startFakeArm(() => answer);
  });
  after(() => arm.close());

  const inputs = ({ kind, id }: Pick<Case, "kind" | "id">, changes = {}) => ({
    ...{ kind, id, stack: "acme", location: "westeurope" },
    ...{ subscriptionId: subscription, tenantId: directory, sqlAdmin: admin, ...changes },
  });
  const observe = (given: ReturnType<typeof inputs>) => existingResource.observe?.(given, arm.session);

  for (const one of cases) {
    it(`reads, and changes nothing: ${one.kind}`, async () => {
      answer = { json: { id: one.id, ...one.live } };
      const before = arm.calls.length;
      assert.deepEqual((await observe(inputs(one)))?.facts, one.facts);
      assert.deepEqual(
        arm.calls.slice(before).map(({ method }) => method),
        ["GET"],
      );
      // The tenant's own other resource of that kind would be read the same way by a refresh.
      const found = await existingResource.read?.(inputs(one), arm.session, { result: {} });
      assert.deepEqual(found?.facts, one.facts);
    });

    for (const [change, code, says] of one.refused)
      it(`refuses ${one.kind} with ${JSON.stringify(change).slice(0, 80)}`, async () => {
        answer = { json: { id: one.id, ...one.live, ...change } };
        await assert.rejects(Promise.resolve(observe(inputs(one))), (error: Error & { code?: string }) => {
          assert.equal(error.code, code);
          assert.match(error.message, says);
          assert.ok(error.message.includes(one.id) && error.message.includes(`existing.${one.kind}`));
          return true;
        });
      });

    it(`says that there is no such ${one.kind}, or that it may not be read, and what shows it`, async () => {
      answer = armError(404, "ResourceNotFound", "not there");
      await assert.rejects(Promise.resolve(observe(inputs(one))), { code: "QT1260" });
      assert.equal(await existingResource.read?.(inputs(one), arm.session, { result: {} }), undefined);
      answer = armError(403, "AuthorizationFailed", "no right");
      await assert.rejects(Promise.resolve(observe(inputs(one))), (error: Error & { format?(): string }) => {
        const shows =
          one.kind === "resourceGroup"
            ? "az group show --name rg-claims"
            : `az resource show --ids "${one.id}"`;
        assert.ok(error.format?.().includes(shows), error.format?.());
        return /QT1261/.test(error.format?.() ?? "");
      });
    });
  }

  it("refuses in another subscription only what the program makes resources in", async () => {
    const elsewhere = { subscriptionId: "00000000-0000-0000-0000-00000000005c" };
    const refused: string[] = [];
    for (const one of cases) {
      answer = { json: { id: one.id, ...one.live } };
      await Promise.resolve(observe(inputs(one, elsewhere))).catch((error: { code?: string }) => {
        assert.equal(error.code, "QT1265");
        refused.push(one.kind);
      });
    }
    assert.deepEqual(refused, ["resourceGroup", "automationAccount", "sqlServer", "elasticPool", "keyVault"]);
  });
});
