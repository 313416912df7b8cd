import assert from "node:assert/strict";
import { azureResourceTypes } from "../../azure-resource-types";
import { inheritedNames, withInheritedNames } from "../../kit/testing/inherited-names";
import type { ArmResource } from "../control-plane/resource";
import { predictOutputs, projectInputs, toArmBody, toOutputs } from "./arm-shape";
import { describedType } from "./resource-map";
import { unknown, type WireProperties } from "./wire-values";

const described = (token: string) => describedType(azureResourceTypes, token);

const identityId =
  "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";

const bodies: readonly (readonly [token: string, inputs: WireProperties, body: unknown])[] = [
  [
    "storage:StorageAccount",
    {
      resourceGroupName: "rg",
      accountName: "a",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      location: "westeurope",
      tags: { a: "b" },
      enableHttpsTrafficOnly: true,
      networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "10.0.0.1", action: "Allow" }] },
    },
    {
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      location: "westeurope",
      tags: { a: "b" },
      properties: {
        supportsHttpsTrafficOnly: true,
        networkAcls: { defaultAction: "Deny", ipRules: [{ value: "10.0.0.1", action: "Allow" }] },
      },
    },
  ],
  [
    "network:VirtualNetwork",
    {
      resourceGroupName: "rg",
      virtualNetworkName: "v",
      addressSpace: { addressPrefixes: ["10.0.0.0/24"] },
      subnets: [
        {
          name: "functions",
          addressPrefix: "10.0.0.0/26",
          networkSecurityGroup: { id: "nsg" },
          delegations: [{ name: "flex", serviceName: "Microsoft.App/environments" }],
        },
      ],
    },
    {
      properties: {
        addressSpace: { addressPrefixes: ["10.0.0.0/24"] },
        subnets: [
          {
            name: "functions",
            properties: {
              addressPrefix: "10.0.0.0/26",
              networkSecurityGroup: { id: "nsg" },
              delegations: [{ name: "flex", properties: { serviceName: "Microsoft.App/environments" } }],
            },
          },
        ],
      },
    },
  ],
  [
    "network:PrivateEndpoint",
    {
      resourceGroupName: "rg",
      privateEndpointName: "p",
      location: "x",
      subnet: { id: "s" },
      privateLinkServiceConnections: [{ name: "c", groupIds: ["vault"], privateLinkServiceId: "v" }],
    },
    {
      location: "x",
      properties: {
        subnet: { id: "s" },
        privateLinkServiceConnections: [
          { name: "c", properties: { groupIds: ["vault"], privateLinkServiceId: "v" } },
        ],
      },
    },
  ],
  [
    "datafactory:IntegrationRuntime",
    {
      resourceGroupName: "rg",
      factoryName: "f",
      integrationRuntimeName: "managed",
      properties: {
        type: "Managed",
        managedVirtualNetwork: { referenceName: "default", type: "ManagedVirtualNetworkReference" },
        computeProperties: { location: "AutoResolve" },
      },
    },
    {
      properties: {
        type: "Managed",
        managedVirtualNetwork: { referenceName: "default", type: "ManagedVirtualNetworkReference" },
        typeProperties: { computeProperties: { location: "AutoResolve" } },
      },
    },
  ],
  [
    "keyvault:Vault",
    {
      resourceGroupName: "rg",
      vaultName: "v",
      location: "x",
      properties: { tenantId: "t", sku: { name: "standard" } },
    },
    { location: "x", properties: { tenantId: "t", sku: { name: "standard" } } },
  ],
  [
    "automation:AutomationAccount",
    {
      resourceGroupName: "rg",
      automationAccountName: "a",
      name: "a",
      sku: { name: "Basic" },
      identity: { type: "SystemAssigned" },
    },
    { identity: { type: "SystemAssigned" }, properties: { sku: { name: "Basic" } } },
  ],
  [
    "automation:Variable",
    {
      resourceGroupName: "rg",
      automationAccountName: "a",
      variableName: "v",
      name: "v",
      value: '"x"',
      isEncrypted: false,
    },
    { properties: { value: '"x"', isEncrypted: false } },
  ],
  [
    "web:WebApp",
    {
      resourceGroupName: "rg",
      name: "site",
      kind: "functionapp,linux",
      identity: { type: "UserAssigned", userAssignedIdentities: [identityId] },
      serverFarmId: "/plan",
    },
    {
      kind: "functionapp,linux",
      identity: { type: "UserAssigned", userAssignedIdentities: { [identityId]: {} } },
      properties: { serverFarmId: "/plan" },
    },
  ],
  [
    "web:WebAppApplicationSettings",
    { resourceGroupName: "rg", name: "site", properties: { name: "a setting", kind: "another" } },
    { properties: { name: "a setting", kind: "another" } },
  ],
  [
    "web:WebAppApplicationSettings",
    { resourceGroupName: "rg", name: "site", properties: withInheritedNames((name) => name) },
    { properties: withInheritedNames((name) => name) },
  ],
  [
    "applicationinsights:Component",
    {
      resourceGroupName: "rg",
      resourceName: "c",
      kind: "web",
      applicationType: "web",
      workspaceResourceId: "/w",
    },
    { kind: "web", properties: { Application_Type: "web", WorkspaceResourceId: "/w" } },
  ],
  [
    "monitor:MetricAlert",
    { resourceGroupName: "rg", ruleName: "r", criteria: { odataType: "T", allOf: [{ odataType: "kept" }] } },
    { properties: { criteria: { "odata.type": "T", allOf: [{ odataType: "kept" }] } } },
  ],
  [
    "authorization:RoleDefinition",
    { scope: "/s", roleDefinitionId: "g", roleName: "n", roleType: "CustomRole" },
    { properties: { roleName: "n", type: "CustomRole" } },
  ],
  [
    "datafactory:LinkedService",
    {
      resourceGroupName: "rg",
      factoryName: "f",
      linkedServiceName: "l",
      properties: { type: "HttpServer", url: "u" },
    },
    { properties: { type: "HttpServer", typeProperties: { url: "u" } } },
  ],
];

describe("engine: Azure Resource Manager's shape", () => {
  for (const [token, inputs, body] of bodies) {
    it(`builds the body of ${token} from azure-native's inputs`, () => {
      assert.deepEqual(toArmBody(described(`azure-native:${token}`), inputs), body);
    });

    it(`returns the inputs of ${token} as outputs`, () => {
      const mapping = described(`azure-native:${token}`);
      const { properties = {}, ...envelope } = toArmBody(mapping, inputs);
      const resource: ArmResource = { ...envelope, properties, id: "/x/y", name: "y", type: "T" };
      const outputs = toOutputs(mapping, resource);
      const drifted = projectInputs(mapping, inputs, outputs, outputs);
      assert.deepEqual(drifted, inputs);
      for (const [key, value] of Object.entries(inputs)) {
        if (key in outputs && key !== "name" && key !== "identity")
          assert.deepEqual(outputs[key], value, key);
      }
    });
  }

  it("includes the name and type of the resource in the outputs", () => {
    const resource: ArmResource = {
      id: "/x",
      name: "site",
      type: "Microsoft.Web/sites",
      properties: { a: 1 },
    };
    const outputs = toOutputs(described("azure-native:web:WebApp"), resource);
    assert.deepEqual(outputs, { a: 1, name: "site", type: "Microsoft.Web/sites", azureApiVersion: "local" });
  });

  describe("predicted outputs", () => {
    const vault = described("azure-native:keyvault:Vault");
    const factory = described("azure-native:datafactory:Factory");
    const webApp = described("azure-native:web:WebApp");

    it("marks as unknown what Azure will fill in, a new resource's name too unless it is an input", () => {
      assert.deepEqual(predictOutputs(vault, { vaultName: "v", properties: { tenantId: "t" } }), {
        properties: { tenantId: "t", vaultUri: unknown },
      });
      assert.deepEqual(predictOutputs(factory, { factoryName: "f", identity: { type: "SystemAssigned" } }), {
        identity: { type: "SystemAssigned", principalId: unknown, tenantId: unknown },
      });
      assert.deepEqual(predictOutputs(webApp, { resourceGroupName: "rg", name: "s" }), { name: "s" });
    });

    it("forgets what Azure filled in before, except name and region, as azure-native does", () => {
      const last = {
        name: "f",
        location: "westeurope",
        identity: { type: "SystemAssigned", principalId: "p", tenantId: "t" },
        createTime: "then",
      };
      const inputs = { factoryName: "f", identity: { type: "SystemAssigned" }, tags: { new: "tag" } };
      assert.deepEqual(predictOutputs(factory, inputs, last), {
        name: "f",
        location: "westeurope",
        identity: { type: "SystemAssigned", principalId: unknown, tenantId: unknown },
        tags: { new: "tag" },
      });
      const vaultInputs = { vaultName: "v", properties: { tenantId: "t" } };
      const vaultLast = { properties: { tenantId: "t", vaultUri: "https://v" } };
      assert.deepEqual(predictOutputs(vault, vaultInputs, vaultLast).properties, {
        tenantId: "t",
        vaultUri: unknown,
      });
    });

    it("does not know what Azure says of user-assigned identities", () => {
      const identity = { type: "UserAssigned", userAssignedIdentities: [identityId] };
      const map = { [identityId]: { principalId: "p", clientId: "c" } };
      const before = { identity: { userAssignedIdentities: map } };
      const { identity: predicted } = predictOutputs(webApp, { name: "s", identity }, before);
      assert.deepEqual(predicted, { type: "UserAssigned", userAssignedIdentities: unknown });
    });
  });

  describe("inputs after a refresh", () => {
    const database = described("azure-native:sql:Database");
    const last = { sku: { name: "S0", capacity: 5 }, tags: { a: "1" }, location: "westeurope" };
    const inputs = { sku: { name: "S0" }, tags: { a: "1" }, location: "West Europe", password: "write-only" };

    const drifts: readonly (readonly [what: string, now: WireProperties, drifted: WireProperties])[] = [
      ["no change", last, inputs],
      [
        "a changed member that the program sets",
        { ...last, sku: { name: "S1", capacity: 5 } },
        { ...inputs, sku: { name: "S1" } },
      ],
      [
        "a changed member that the program does not set",
        { ...last, sku: { name: "S0", capacity: 9 } },
        { ...inputs, sku: { name: "S0", capacity: 9 } },
      ],
      [
        "a property and a tag that were added",
        { ...last, tags: { a: "1", b: "2" }, collation: "C" },
        { ...inputs, tags: { a: "1", b: "2" }, collation: "C" },
      ],
      [
        "no change of what only Azure sets",
        { ...last, status: "Paused", currentSku: { name: "S1" } },
        inputs,
      ],
      ["a tag that was changed by hand", { ...last, tags: { a: "2" } }, { ...inputs, tags: { a: "2" } }],
      ["a removed property", { sku: last.sku, location: last.location }, withoutTags(inputs)],
    ];
    for (const [what, now, drifted] of drifts) {
      it(`show ${what}`, () => assert.deepEqual(projectInputs(database, inputs, last, now), drifted));
    }

    it("show members whose names every object inherits as they are in Azure", () => {
      for (const name of inheritedNames) {
        const [tagged, bare] = [{ tags: Object.fromEntries([[name, "x"]]) }, { tags: {} }];
        const other = { tags: Object.fromEntries([[name, "y"]]) };
        assert.deepEqual(projectInputs(database, tagged, tagged, other), other);
        assert.deepEqual(projectInputs(database, tagged, tagged, bare), bare);
        // Azure never returned it.
        assert.deepEqual(projectInputs(database, tagged, bare, other), tagged);
      }
    });

    it("show user-assigned identities in the program's spelling", () => {
      const given = { identity: { userAssignedIdentities: ["/A", "/b"] } };
      const before = { identity: { userAssignedIdentities: { "/a": {}, "/b": {} } } };
      const now = { identity: { userAssignedIdentities: { "/a": {}, "/c": {} } } };
      assert.deepEqual(projectInputs(database, given, before, now), {
        identity: { userAssignedIdentities: ["/A", "/c"] },
      });
    });
  });
});

function withoutTags({ tags: _tags, ...rest }: { tags: unknown } & WireProperties): WireProperties {
  return rest;
}
