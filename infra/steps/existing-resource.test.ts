import assert from "node:assert/strict";
import type { Wanted } from "../existing/kind";
import { type ExistingKind, pipelineStarterActions } from "../existing/kinds";
import { armError, type FakeAnswer, type FakeArm, startFakeArm } from "../testing/fake-arm";
import { existingResource } from "./existing-resource";

const subscription = "00000000-0000-0000-0000-00000000005b";
const directory = "00000000-0000-0000-0000-00000000007e";
const admin = "00000000-0000-0000-0000-00000000ad31";
const under = `/subscriptions/${subscription}/resourceGroups/rg-platform/providers`;

const network = `${under}/Microsoft.Network/virtualNetworks/vnet-platform`;
const subnets = [`${network}/subnets/function`, `${network}/subnets/endpoints`];
const flex = [{ name: "flex", properties: { serviceName: "Microsoft.App/environments" } }];
const rule = (startIpAddress: string) => ({ value: [{ properties: { startIpAddress } }] });
const tagged = (tenant: string) => ({ tags: { project: "quantemplate", tenant } });
const zone = `${under}/Microsoft.Network/privateDnsZones/privatelink.database.windows.net`;
const linkedWith = (id: string) => ({ value: [{ properties: { virtualNetwork: { id } } }] });
const databases = (count: number, tenant: string) => ({
  value: Array.from({ length: count }, () => tagged(tenant)),
});

interface Case {
  readonly kind: ExistingKind;
  readonly id: string;
  /** What fits. */
  readonly live: Readonly<Record<string, unknown>> & { readonly properties?: object };
  readonly facts: Readonly<Record<string, string>>;
  /** More of what the tenant wants. */
  readonly wanted?: Partial<Wanted>;
  /** What fits around it, by the end of its address; anything else is a 404. */
  readonly around?: Readonly<Record<string, object>>;
  /** Changes around it, and what is said of each; undefined: it fits. */
  readonly refusedAround?: readonly (readonly [
    change: Readonly<Record<string, object>>,
    says: RegExp | undefined,
    wanted?: Partial<Wanted>,
  ])[];
  /** Changes of what is live, and what is said of each. */
  readonly refused: readonly (readonly [change: object, code: string, says: RegExp])[];
}

const vault = { enableRbacAuthorization: true, tenantId: directory, vaultUri: "https://kv.test/" };
const server = { fullyQualifiedDomainName: "sql.test", administrators: { sid: admin.toUpperCase() } };

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
      properties: server,
    },
    facts: { host: "sql.test" },
    around: { "/firewallRules": rule("0.0.0.0") },
    refusedAround: [
      [{ "/firewallRules": rule("203.0.113.7") }, /has no firewall rule that begins at 0\.0\.0\.0/],
      [{ "/firewallRules": { value: [] } }, /allow Azure's services/],
      [{ "/firewallRules": { value: [] } }, undefined, { isPrivate: true }],
    ],
    refused: [
      [
        { properties: { ...server, publicNetworkAccess: "Disabled" } },
        "QT1263",
        /publicNetworkAccess Disabled, and the tenant comes over the public address/,
      ],
      [{ properties: { ...server, minimalTlsVersion: "1.1" } }, "QT1263", /minimalTlsVersion 1\.1/],
      [{ properties: { ...server, minimalTlsVersion: "1.3" } }, "QT1263", /minimalTlsVersion 1\.3/],
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
    live: { location: "westeurope", sku: { name: "GP_Gen5", capacity: 2 } },
    facts: {},
    around: { "/pool/databases": databases(99, "beta") },
    refusedAround: [
      [{ "/pool/databases": databases(100, "beta") }, /has 100 databases, and its size takes 100/],
      // The tenant's own is one of them already.
      [{ "/pool/databases": databases(100, "acme") }, undefined],
    ],
    refused: [
      [{ location: "uksouth" }, "QT1262", /uksouth/],
      [{ properties: { state: "Disabled" } }, "QT1263", /is disabled/],
    ],
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
      // Data Factory is a trusted service.
      properties: { ...vault, publicNetworkAccess: "Disabled", networkAcls: { bypass: "AzureServices" } },
    },
    facts: { uri: "https://kv.test/" },
    refused: [
      [{ properties: { tenantId: directory } }, "QT1263", /enableRbacAuthorization is not on/],
      [
        { properties: { enableRbacAuthorization: true, tenantId: admin } },
        "QT1263",
        /belongs to the directory 00000000-0000-0000-0000-00000000ad31/,
      ],
      [
        { properties: { ...vault, publicNetworkAccess: "Disabled", networkAcls: { bypass: "None" } } },
        "QT1263",
        /is closed to public addresses and to Azure's trusted services/,
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
  {
    kind: "functionSubnet",
    id: subnets[0] ?? "",
    wanted: { isPrivate: true, subnets },
    live: { properties: { addressPrefix: "10.90.0.0/27", delegations: flex } },
    facts: {},
    around: { "/vnet-platform": { location: "westeurope" } },
    refusedAround: [
      [{ "/vnet-platform": { location: "uksouth" } }, /QT1262|in the region uksouth/],
      [{ "/vnet-platform": { location: "westeurope", ...tagged("beta") } }, /the stack beta made/],
      [
        { "/vnet-platform": { location: "westeurope" } },
        /is in the network .*vnet-platform, which is not peered with the endpoints' .*vnet-other/,
        {
          subnets: [subnets[0] ?? "", `${network.replace("vnet-platform", "vnet-other")}/subnets/endpoints`],
        },
      ],
      // Nothing is known of a network that may not be read.
      [{ "/vnet-platform": { status: 403 } }, undefined],
    ],
    refused: [
      [
        { properties: { addressPrefix: "10.90.0.0/27" } },
        "QT1263",
        /is not delegated to Microsoft\.App\/environments/,
      ],
      [
        { properties: { addressPrefix: "10.90.0.0/28", delegations: flex } },
        "QT1263",
        /10\.90\.0\.0\/28, and Flex Consumption needs at least \/27/,
      ],
      [{ properties: { addressPrefixes: ["10.90.0.0/28"], delegations: flex } }, "QT1263", /at least \/27/],
      [
        {
          properties: { addressPrefix: "10.90.0.0/27", delegations: flex, privateEndpoints: [{ id: "/e" }] },
        },
        "QT1263",
        /has private endpoints in it/,
      ],
    ],
  },
  {
    kind: "endpointsSubnet",
    id: subnets[1] ?? "",
    wanted: { isPrivate: true, subnets },
    live: { properties: { addressPrefix: "10.90.1.0/29" } },
    facts: {},
    around: { "/vnet-platform": { location: "westeurope" } },
    refused: [
      [{ properties: { addressPrefix: "10.90.1.0/29", delegations: flex } }, "QT1263", /is delegated/],
      [
        { properties: { addressPrefix: "10.90.1.0/30" } },
        "QT1263",
        /the three private endpoints need at least \/29/,
      ],
    ],
  },
  {
    kind: "peeredNetworks",
    id: `${network}-hub`,
    wanted: { isPrivate: true, addressSpace: "10.90.0.0/24" },
    live: {
      location: "northeurope",
      properties: { addressSpace: { addressPrefixes: ["10.91.0.0/16", "fd00::/48"] } },
    },
    facts: {},
    refused: [
      [
        { properties: { addressSpace: { addressPrefixes: ["10.91.0.0/16", "10.90.0.0/16"] } } },
        "QT1263",
        /has the addresses 10\.90\.0\.0\/16, which overlap with the tenant's, 10\.90\.0\.0\/24/,
      ],
    ],
  },
  {
    kind: "privateDnsZones.sql",
    id: zone,
    wanted: { isPrivate: true, subnets },
    live: { location: "global" },
    facts: {},
    around: { "/virtualNetworkLinks": linkedWith(network.toUpperCase()), "/vnet-platform": {} },
    refusedAround: [
      [
        { "/virtualNetworkLinks": linkedWith(`${network}-2`) },
        /is not linked with the network .*vnet-platform,/,
      ],
      [{ "/virtualNetworkLinks": { value: [] } }, /is not linked/],
      // A DNS server of the network's own answers from another network.
      [
        {
          "/virtualNetworkLinks": { value: [] },
          "/vnet-platform": { properties: { dhcpOptions: { dnsServers: ["10.0.0.4"] } } },
        },
        undefined,
      ],
      [{ "/virtualNetworkLinks": { status: 403 } }, undefined],
    ],
    refused: [
      [
        { id: zone.replace("database", "blob.core") },
        "QT1263",
        /is not the zone of the names: privatelink\.database\.windows\.net/,
      ],
    ],
  },
];

describe("The check of what a tenant brings", () => {
  let arm: FakeArm;
  let answer: FakeAnswer;
  let around: Readonly<Record<string, object>>;
  beforeEach(() => {
    around = {};
  });
  before(async () => {
    arm = await startFakeArm(({ url }) => {
      const path = url.split("?")[0] ?? "";
      if (cases.some(({ id }) => id === path)) return answer;
      const found = Object.entries(around).find(([end]) => path.endsWith(end))?.[1];
      const { status } = (found ?? { status: 404 }) as { status?: number };
      return status === undefined ? { json: found } : armError(status, "NotShown", "not shown");
    });
  });
  after(() => arm.close());

  const inputs = (
    { kind, id, wanted }: Pick<Case, "kind" | "id" | "wanted">,
    changes: Partial<Wanted> = {},
  ) => ({
    ...{ kind, id, stack: "acme", location: "westeurope" },
    ...{ subscriptionId: subscription, tenantId: directory, sqlAdmin: admin, ...wanted, ...changes },
  });
  const observe = (given: ReturnType<typeof inputs>) => existingResource.observe?.(given, arm.session);

  for (const one of cases) {
    it(`reads, and changes nothing: ${one.kind}`, async () => {
      answer = { json: { id: one.id, ...one.live } };
      around = one.around ?? {};
      const before = arm.calls.length;
      assert.deepEqual((await observe(inputs(one)))?.facts, one.facts);
      assert.deepEqual([...new Set(arm.calls.slice(before).map(({ method }) => method))], ["GET"]);
      // The tenant's own other resource of that kind would be read the same way by a refresh.
      const found = await existingResource.read?.(inputs(one), arm.session, { result: {} });
      assert.deepEqual(found?.facts, one.facts);
    });

    for (const [change, code, says] of one.refused)
      it(`refuses ${one.kind} with ${JSON.stringify(change).slice(0, 80)}`, async () => {
        answer = { json: { id: one.id, ...one.live, ...change } };
        around = one.around ?? {};
        await assert.rejects(Promise.resolve(observe(inputs(one))), (error: Error & { code?: string }) => {
          assert.equal(error.code, code);
          assert.match(error.message, says);
          assert.ok(error.message.includes(one.id) && error.message.includes(`existing.${one.kind}`));
          return true;
        });
      });

    for (const [change, says, wanted] of one.refusedAround ?? [])
      it(`${says === undefined ? "takes" : "refuses"} ${one.kind} with ${JSON.stringify(change).slice(0, 80)} around it`, async () => {
        answer = { json: { id: one.id, ...one.live } };
        around = { ...one.around, ...change };
        const observed = Promise.resolve(observe(inputs(one, wanted)));
        await (says === undefined ? observed : assert.rejects(observed, says));
      });

    it(`refuses ${one.kind} in the resource group of another stack`, async () => {
      answer = { json: { id: one.id, ...one.live } };
      around = { ...one.around, "/rg-platform": { location: "westeurope", ...tagged("beta") } };
      const observed = Promise.resolve(observe(inputs(one)));
      const isBelow = one.id.includes("/rg-platform/");
      await (isBelow ? assert.rejects(observed, { code: "QT1272" }) : observed);
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

  it("tells a subscription that the directory does not have from what is not there", async () => {
    for (const [status, code] of [
      [404, "SubscriptionNotFound"],
      [401, "InvalidAuthenticationTokenTenant"],
    ] as const) {
      answer = armError(status, code, "elsewhere");
      await assert.rejects(Promise.resolve(observe(inputs(cases[1] as Case))), { code: "QT1270" });
    }
  });

  describe("looks at what whoever deploys may do there:", () => {
    const account = cases.find(({ kind }) => kind === "automationAccount") as Case;
    const permit = (...actions: string[]) => {
      answer = { json: { id: account.id, ...account.live } };
      around = { "/providers/Microsoft.Authorization/permissions": { value: [{ actions, notActions: [] }] } };
    };
    const deploy = () => existingResource.ensure(inputs(account), arm.session);

    it("a preview is refused if one right of several is missing", async () => {
      permit("Microsoft.Automation/automationAccounts/runbooks/*", "Microsoft.Automation/*/read");
      await assert.rejects(Promise.resolve(observe(inputs(account))), (error: Error & { code?: string }) => {
        assert.equal(error.code, "QT1271");
        assert.match(
          error.message,
          /webhooks\/write, Microsoft\.Automation\/automationAccounts\/variables\/write/,
        );
        assert.ok(!error.message.includes("runbooks/write"));
        return true;
      });
    });

    it("somebody who reads only may preview, and not deploy", async () => {
      permit("*/read");
      await observe(inputs(account));
      await assert.rejects(deploy(), { code: "QT1271" });
    });

    it("whoever may do all may deploy, and nothing is known without the right to ask", async () => {
      permit("*");
      await observe(inputs(account));
      await deploy();
      around = { "/providers/Microsoft.Authorization/permissions": { status: 403 } };
      await deploy();
    });
  });

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
