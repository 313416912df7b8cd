import assert from "node:assert/strict";
import { azureResourceTypes, pathInputs } from "../../azure-resource-types";
import { CodedError } from "../../kit/errors/coded-error";
import { ArmError } from "../control-plane/local-service";
import { createAzureNativeProvider } from "./azure-native-provider";
import { replacePaths } from "./input-diff";
import { addressOf, type ResourceAddress } from "./resource-provider";
import { createMemoryControlPlane } from "./testing/memory-control-plane";
import { unknown, type WireProperties } from "./wire-values";

const subscriptionId = "11111111-1111-1111-1111-111111111111";
const principal = {
  objectId: "o",
  clientId: "c",
  displayName: "deployer",
  kind: "ServicePrincipal",
} as const;

function setUp() {
  const controlPlane = createMemoryControlPlane();
  const provider = createAzureNativeProvider({ controlPlane, subscriptionId, tenantId: "t", principal });
  return { controlPlane, provider };
}

function resource(token: string, name = "thing"): ResourceAddress {
  return addressOf(`urn:pulumi:dev::shop::shop:azure:Parent$azure-native:${token}::${name}`);
}

const group = { resourceGroupName: "rg" };

describe("engine: azure-native provider", () => {
  it("creates, reads, updates and deletes at the resource's id", async () => {
    const { controlPlane, provider } = setUp();
    const address = resource("storage:StorageAccount");
    const inputs = {
      ...group,
      accountName: "acc",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      location: "x",
    };
    const { id, outputs } = await provider.create(address, inputs, false);
    assert.equal(
      id,
      `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acc`,
    );
    assert.deepEqual(outputs.primaryEndpoints, { blob: "https://127.0.0.1/storage/acc/" });
    const read = await provider.read(address, id, inputs, outputs);
    assert.deepEqual(read, { id, inputs, outputs });
    const updated = await provider.update(address, id, outputs, { ...inputs, tags: { a: "b" } }, false);
    assert.deepEqual(updated.tags, { a: "b" });
    await provider.delete(address, id, outputs);
    assert.equal(controlPlane.resources.size, 0);
    assert.equal(await provider.read(address, id, inputs, outputs), undefined);
  });

  it("keeps what it has made if it may not read it afterwards; a refresh fails", async () => {
    const { controlPlane, provider } = setUp();
    const get = controlPlane.get;
    controlPlane.get = async (id, reader) => {
      if (id.endsWith("/config/web")) throw new ArmError(403, "AuthorizationFailed", "no config/read");
      return get(id, reader);
    };
    const address = resource("web:WebApp");
    const inputs = { ...group, name: "app", location: "x" };
    const { id, outputs } = await provider.create(address, inputs, false);
    assert.equal(outputs.name, "app");
    await assert.rejects(provider.read(address, id, inputs, outputs), /no config\/read/);
  });

  it("reads an app's configuration as siteConfig, and takes it over as a whole once a field of it changed", async () => {
    const { controlPlane, provider } = setUp();
    const address = resource("web:WebApp");
    const inputs = { ...group, name: "app", location: "x" };
    const { id, outputs } = await provider.create(address, inputs, false);
    const configure = (properties: Readonly<Record<string, unknown>>) =>
      controlPlane.put(`${id}/config/web`, { properties }, principal);
    await configure({ linuxFxVersion: "", numberOfWorkers: 1 });
    const first = await provider.read(address, id, inputs, outputs);
    const { siteConfig } = first?.outputs ?? {};
    assert.deepEqual(siteConfig, { linuxFxVersion: "", numberOfWorkers: 1 });
    const same = await provider.read(address, id, inputs, first?.outputs ?? {});
    assert.deepEqual(same?.inputs, inputs);
    await configure({ linuxFxVersion: "NODE|24", numberOfWorkers: 1 });
    const changed = await provider.read(address, id, inputs, first?.outputs ?? {});
    assert.deepEqual(changed?.inputs, {
      ...inputs,
      siteConfig: { linuxFxVersion: "NODE|24", numberOfWorkers: 1 },
    });
  });

  it("refuses to create what exists, of every type, and takes over what always exists", async () => {
    const { controlPlane, provider } = setUp();
    const always: string[] = [];
    for (const described of azureResourceTypes.tokens) {
      const { token } = described;
      const path = pathInputs(described).map((name) => [name, "x"]);
      const inputs = { ...Object.fromEntries(path), ...described.defaultState };
      const address = addressOf(`urn:pulumi:dev::shop::${token}::thing`);
      const id = (await provider.create(address, inputs, false)).id;
      const again = provider.create(address, inputs, false);
      if (described.defaultState !== undefined || described.neverDeleted) {
        await again;
        always.push(token);
      } else {
        await assert.rejects(again, { message: `cannot create already existing resource '${id}'` });
      }
      await controlPlane.delete(id, principal);
    }
    assert.deepEqual(always.sort(), [
      "azure-native:sql:ServerAzureADOnlyAuthentication",
      "azure-native:web:WebAppApplicationSettings",
      "azure-native:web:WebAppFtpAllowed",
      "azure-native:web:WebAppScmAllowed",
    ]);
  });

  it("creates nothing that it cannot look for", async () => {
    const { controlPlane, provider } = setUp();
    const inputs = { ...group, vaultName: "v", properties: { tenantId: "t" } };
    controlPlane.get = async () => {
      throw new ArmError(403, "AuthorizationFailed", "no right");
    };
    await assert.rejects(provider.create(resource("keyvault:Vault"), inputs, false), {
      message:
        /^cannot check existence of resource '.*\/vaults\/v': status code 403, {"error":{"code":"AuthorizationFailed","message":"no right"}}$/,
    });
  });

  it("refuses to create what Azure made with its parent, unless it is in its default state", async () => {
    const { controlPlane, provider } = setUp();
    const server = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Sql/servers/s`;
    const administrator = {
      ...group,
      serverName: "s",
      administratorName: "ActiveDirectory",
      login: "a",
      sid: "b",
    };
    const entraOnly = {
      ...group,
      serverName: "s",
      authenticationName: "Default",
      azureADOnlyAuthentication: true,
    };
    await controlPlane.put(
      `${server}/administrators/ActiveDirectory`,
      { properties: { login: "a" } },
      principal,
    );
    const taken = provider.create(resource("sql:ServerAzureADAdministrator"), administrator, false);
    await assert.rejects(taken, /cannot create already existing resource/);
    const rule = `${server}/azureADOnlyAuthentications/Default`;
    const address = resource("sql:ServerAzureADOnlyAuthentication");
    await controlPlane.put(rule, { properties: { azureADOnlyAuthentication: true } }, principal);
    await assert.rejects(
      provider.create(address, entraOnly, false),
      /cannot create already existing subresource/,
    );
    await controlPlane.put(rule, { properties: { azureADOnlyAuthentication: false } }, principal);
    await provider.create(address, entraOnly, false);
    assert.equal((await controlPlane.get(rule, principal))?.properties.azureADOnlyAuthentication, true);
  });

  it("fails the preview of a create or an update if no service runs the type, as the PUT would", async () => {
    const { controlPlane, provider } = setUp();
    const address = resource("keyvault:Vault");
    const inputs = { ...group, vaultName: unknown, properties: { tenantId: "t" } };
    await provider.create(address, inputs, true);
    controlPlane.serves = (type) => type !== "Microsoft.KeyVault/vaults";
    const refused = { status: 400, code: "QT6001" };
    await assert.rejects(provider.create(address, inputs, true), refused);
    await assert.rejects(provider.update(address, "/v", {}, inputs, true), refused);
    await provider.create(resource("storage:StorageAccount"), { ...group, accountName: "a" }, true);
  });

  it("changes nothing in a preview", async () => {
    const { controlPlane, provider } = setUp();
    const address = resource("keyvault:Vault");
    const inputs = { ...group, vaultName: "v", properties: { tenantId: "t" } };
    const { id, outputs } = await provider.create(address, inputs, true);
    await provider.update(address, "/x", outputs, inputs, true);
    assert.equal(id, "");
    assert.deepEqual(outputs, { properties: { tenantId: "t", vaultUri: unknown } });
    assert.deepEqual(controlPlane.calls, []);
  });

  it("succeeds in deleting a resource that is already gone", async () => {
    const { controlPlane, provider } = setUp();
    controlPlane.delete = async () => {
      throw new ArmError(404, "ResourceNotFound", "gone");
    };
    await provider.delete(resource("sql:Server"), "/x", {});
  });

  it("sets back to Azure's defaults what Azure cannot delete, as azure-native does", async () => {
    const { controlPlane, provider } = setUp();
    const address = resource("web:WebAppFtpAllowed");
    const { id } = await provider.create(address, { ...group, name: "site", allow: false }, false);
    await provider.delete(address, id, {});
    assert.deepEqual(controlPlane.resources.get(id.toLowerCase())?.properties, { allow: true });
    controlPlane.resources.clear();
    controlPlane.calls.length = 0;
    await provider.delete(address, id, {});
    assert.deepEqual(controlPlane.calls, [], "it went with its site");
  });

  describe("check", () => {
    it("fills in the region: the program's, else the old one, the provider's, the resource group's", async () => {
      const { controlPlane, provider } = setUp();
      const address = resource("sql:Server");
      const inputs = { ...group, serverName: "s" };
      await controlPlane.put(
        `/subscriptions/${subscriptionId}/resourceGroups/rg`,
        { location: "of the group" },
        principal,
      );
      assert.equal((await provider.check(address, undefined, inputs)).inputs.location, "of the group");
      provider.configure({ location: "of the provider" });
      assert.equal((await provider.check(address, undefined, inputs)).inputs.location, "of the provider");
      assert.equal((await provider.check(address, { location: "old" }, inputs)).inputs.location, "old");
      const given = { ...inputs, location: "given" };
      assert.equal((await provider.check(address, { location: "old" }, given)).inputs.location, "given");
    });

    it("fills in no region for a type that has none", async () => {
      const { provider } = setUp();
      provider.configure({ location: "x" });
      const inputs = { ...group, serverName: "s", firewallRuleName: "f" };
      assert.deepEqual(
        (await provider.check(resource("sql:FirewallRule"), undefined, inputs)).inputs,
        inputs,
      );
    });

    it("generates a GUID if the name must be one", async () => {
      const { provider } = setUp();
      for (const [token, name] of [
        ["RoleDefinition", "roleDefinitionId"],
        ["RoleAssignment", "roleAssignmentName"],
      ] as const) {
        const checked = await provider.check(resource(`authorization:${token}`), undefined, { scope: "/s" });
        assert.match(String(checked.inputs[name]), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      }
    });

    it("generates a name and keeps it", async () => {
      const { provider } = setUp();
      const address = resource("automation:AutomationAccount", "account");
      const first = await provider.check(address, undefined, group);
      assert.match(String(first.inputs.automationAccountName), /^account[0-9a-f]{8}$/);
      const second = await provider.check(address, first.inputs, group);
      assert.equal(second.inputs.automationAccountName, first.inputs.automationAccountName);
      const child = await provider.check(resource("sql:Database", "db"), undefined, {
        ...group,
        serverName: "s",
      });
      assert.equal(child.inputs.databaseName, "db");
    });

    it("reports every input that is missing for the id", async () => {
      const { provider } = setUp();
      const { failures } = await provider.check(resource("sql:Database"), undefined, { databaseName: "d" });
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["resourceGroupName", "serverName"],
      );
    });

    it("refuses a type that the emulator does not support, by its name", () =>
      assert.rejects(
        setUp().provider.check(resource("compute:VirtualMachine"), undefined, {}),
        (error) => error instanceof CodedError && error.code === "QT7001",
      ));
  });

  describe("diff", () => {
    const table: readonly {
      readonly token: string;
      readonly change: WireProperties;
      readonly replaces: readonly string[];
    }[] = [
      { token: "sql:Database", change: { databaseName: "other" }, replaces: ["databaseName"] },
      { token: "sql:Database", change: { collation: "other" }, replaces: ["collation"] },
      { token: "sql:Database", change: { sku: { name: "GP_S_Gen5", capacity: 2 } }, replaces: [] },
      { token: "sql:Database", change: { autoPauseDelay: 60 }, replaces: [] },
      { token: "sql:Server", change: { location: "other" }, replaces: ["location"] },
      { token: "sql:Server", change: { administrators: { login: "other" } }, replaces: ["administrators"] },
      { token: "sql:Database", change: { createMode: "Copy" }, replaces: ["createMode"] },
      { token: "sql:Database", change: { isLedgerOn: true }, replaces: [] },
      { token: "resources:ResourceGroup", change: { tags: { a: "b" } }, replaces: [] },
      { token: "authorization:RoleAssignment", change: { principalId: "other" }, replaces: ["principalId"] },
      { token: "authorization:RoleAssignment", change: { description: "other" }, replaces: [] },
      { token: "authorization:RoleDefinition", change: { permissions: [{ actions: ["x"] }] }, replaces: [] },
      { token: "automation:Webhook", change: { uri: "other" }, replaces: [] },
      { token: "automation:Webhook", change: { isEnabled: false }, replaces: [] },
      { token: "automation:Variable", change: { value: '"other"' }, replaces: [] },
      { token: "datafactory:Pipeline", change: { activities: [] }, replaces: [] },
      { token: "web:WebApp", change: { kind: "other" }, replaces: ["kind"] },
      { token: "web:WebApp", change: { siteConfig: { appSettings: [] } }, replaces: [] },
      { token: "storage:StorageAccount", change: { isHnsEnabled: true }, replaces: ["isHnsEnabled"] },
      { token: "storage:StorageAccount", change: { enableNfsV3: true }, replaces: [] },
      {
        token: "storage:StorageAccount",
        change: { encryption: { services: { queue: { keyType: "Account" } } } },
        replaces: [],
      },
      {
        token: "applicationinsights:Component",
        change: { applicationType: "other" },
        replaces: ["applicationType"],
      },
      { token: "applicationinsights:Component", change: { retentionInDays: 30 }, replaces: [] },
      { token: "keyvault:Vault", change: { properties: { createMode: "recover" } }, replaces: [] },
    ];
    for (const { token, change, replaces } of table) {
      it(`of ${token}: ${JSON.stringify(change)} ${replaces.length > 0 ? "replaces" : "updates"}`, async () => {
        const diff = await setUp().provider.diff(resource(token), "/x", {}, {}, change);
        assert.deepEqual(replacePaths(diff), replaces);
        assert.notDeepEqual(diff.differences, {});
      });
    }

    it("deletes the old resource first unless its name was generated", async () => {
      const { provider } = setUp();
      const address = resource("sql:Server");
      const named = await provider.diff(address, "/x", { location: "a" }, {}, { location: "b" });
      assert.equal(named.deleteBeforeReplace, true);
      const marks = { __createBeforeDelete: true };
      const generated = await provider.diff(
        address,
        "/x",
        { ...marks, location: "a" },
        {},
        { ...marks, location: "b" },
      );
      assert.equal(generated.deleteBeforeReplace, false);
      const updated = await provider.diff(address, "/x", { location: "a" }, {}, { location: "a", tags: {} });
      assert.equal(updated.deleteBeforeReplace, false, "nothing is replaced");
    });
  });

  it("previews an update with inputs, name and region only, as azure-native does", async () => {
    const { provider } = setUp();
    const address = resource("storage:StorageAccount");
    const inputs = { ...group, accountName: "acc", location: "x", tags: { a: "b" } };
    const { id, outputs } = await provider.create(address, inputs, false);
    assert.deepEqual(outputs.primaryEndpoints, { blob: "https://127.0.0.1/storage/acc/" });
    const previewed = await provider.update(address, id, outputs, { ...inputs, tags: { a: "c" } }, true);
    assert.deepEqual(previewed, { name: "acc", location: "x", tags: { a: "c" } });
  });

  it("answers getClientConfig with the deployer", async () => {
    const { provider } = setUp();
    assert.deepEqual(await provider.invoke("azure-native:authorization:getClientConfig", {}), {
      clientId: "c",
      objectId: "o",
      subscriptionId,
      tenantId: "t",
    });
  });

  it("answers a type's get function with the id and the outputs of the resource", async () => {
    const { provider } = setUp();
    const { id, outputs } = await provider.create(
      resource("storage:StorageAccount"),
      { ...group, accountName: "acc" },
      false,
    );
    const get = (args: WireProperties) => provider.invoke("azure-native:storage:getStorageAccount", args);
    assert.deepEqual(await get({ ...group, accountName: "acc" }), { id, ...outputs });
    await assert.rejects(get({ ...group, accountName: "other" }), { status: 404, code: "ResourceNotFound" });
    await assert.rejects(get(group), { code: "QT7002" });
  });

  it("refuses other functions by name", async () => {
    const { provider } = setUp();
    for (const token of ["storage:listStorageAccountKeys", "compute:getVirtualMachine", "storage:get"])
      await assert.rejects(
        provider.invoke(`azure-native:${token}`, {}),
        (error) => error instanceof CodedError && error.code === "QT7003",
      );
  });
});
