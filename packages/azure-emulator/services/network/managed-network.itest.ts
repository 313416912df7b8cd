import assert from "node:assert/strict";
import tls from "node:tls";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createDataFactoryService } from "../data-factory";
import { createKeyVaultService } from "../key-vault";
import { createSqlService } from "../sql";
import { createNetworkService } from ".";

const USER = "4633458b-17de-408a-b874-0445c86b69e6";

/** Every expectation is a pipeline's run. */
describe("a factory's managed virtual network", function () {
  this.timeout(60_000);
  const trusted = tls.getCACertificates("default");
  let emulator: TestEmulator;
  let factory: string;
  let server: string;
  let vault: string;

  before(async () => {
    emulator = await startTestEmulator((context) => {
      const sql = createSqlService(context, {});
      return [
        sql,
        createKeyVaultService(context),
        createNetworkService(context),
        createDataFactoryService(context, { sql: () => sql }),
      ];
    });
    const { context, group } = emulator;
    tls.setDefaultCACertificates([...trusted, context.certificates.ca]);
    factory = `${group}/providers/Microsoft.DataFactory/factories/adf-managed`;
    server = `${group}/providers/Microsoft.Sql/servers/sql-managed`;
    vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-managed`;
    const made = await put(factory, {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: {},
    });
    // The factory administers the server, so that its login needs no user.
    await put(server, {
      location: "westeurope",
      properties: {
        administrators: {
          sid: made.identity.principalId,
          login: "adf-managed",
          principalType: "Application",
        },
        publicNetworkAccess: "Disabled",
      },
    });
    await put(`${server}/databases/main`, { location: "westeurope" });
    await put(vault, {
      location: "westeurope",
      properties: {
        tenantId: context.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        publicNetworkAccess: "Disabled",
        networkAcls: { bypass: "None", defaultAction: "Deny" },
      },
    });
    await put(`${vault}/secrets/word`, { properties: { value: "hello" } });
    await put(`${vault}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`, {
      properties: { roleDefinitionId: `/x/${USER}`, principalId: made.identity.principalId },
    });
  });
  after(async () => {
    await emulator?.stop();
    tls.setDefaultCACertificates(trusted);
  });

  const put = async (id: string, body: object) => {
    const answer = await emulator.arm("PUT", id, body);
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  };
  const managedEndpoint = (name: string) =>
    `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/${name}`;
  const approve = async (target: string) => {
    const { json } = await emulator.arm("GET", `${target}/privateEndpointConnections`);
    for (const { id } of json.value)
      await put(id, {
        properties: { privateLinkServiceConnectionState: { status: "Approved", description: "ours" } },
      });
  };
  const via = (referenceName: string) => ({ referenceName, type: "IntegrationRuntimeReference" });
  /** Runs one activity and returns how it ended. */
  const run = async (activity: object) => {
    await put(`${factory}/pipelines/p`, { properties: { activities: [{ name: "a", ...activity }] } });
    const started = await emulator.arm("POST", `${factory}/pipelines/p/createRun`);
    for (;;) {
      const { json } = await emulator.arm("GET", `${factory}/pipelineruns/${started.json.runId}`);
      if (json.status !== "InProgress" && json.status !== "Queued")
        return json as { status: string; message: string };
    }
  };
  const query = (linkedService: string) =>
    run({
      type: "Script",
      linkedServiceName: { referenceName: linkedService, type: "LinkedServiceReference" },
      typeProperties: { scripts: [{ type: "NonQuery", text: "SET NOCOUNT ON" }] },
    });
  const secret = (runtime: string) =>
    run({
      type: "WebActivity",
      typeProperties: {
        method: "GET",
        url: `${emulator.context.resources.get(vault)?.properties.vaultUri}secrets/word?api-version=7.4`,
        authentication: { type: "MSI", resource: "https://vault.azure.net" },
        connectVia: via(runtime),
      },
    });

  it("is named default", async () => {
    const other = await emulator.arm("PUT", `${factory}/managedVirtualNetworks/other`, { properties: {} });
    assert.equal(other.status, 400);
    assert.match(other.text, /must be 'default'/);
    await put(`${factory}/managedVirtualNetworks/default`, { properties: {} });
  });

  it("has runtimes of its own, which linked services name", async () => {
    const runtime = (network: string) => ({
      properties: {
        type: "Managed",
        managedVirtualNetwork: { type: "ManagedVirtualNetworkReference", referenceName: network },
        typeProperties: { computeProperties: { location: "AutoResolve" } },
      },
    });
    const none = await emulator.arm("PUT", `${factory}/integrationRuntimes/ir-managed`, runtime("none"));
    assert.match(none.text, /invalid reference 'none'/);
    await put(`${factory}/integrationRuntimes/ir-managed`, runtime("default"));
    const selfHosted = await emulator.arm("PUT", `${factory}/integrationRuntimes/ir-own`, {
      properties: { type: "SelfHosted" },
    });
    assert.match(selfHosted.text, /of the type Managed only/);
    const fqdn = emulator.context.resources.get(server)?.properties.fullyQualifiedDomainName;
    const linked = (connectVia?: object) => ({
      properties: {
        type: "AzureSqlDatabase",
        ...(connectVia && { connectVia }),
        typeProperties: {
          server: fqdn,
          database: "main",
          encrypt: "mandatory",
          authenticationType: "SystemAssignedManagedIdentity",
        },
      },
    });
    const missing = await emulator.arm(
      "PUT",
      `${factory}/linkedservices/sql_private`,
      linked(via("missing")),
    );
    assert.match(missing.text, /invalid reference 'missing'/);
    await put(`${factory}/linkedservices/sql_private`, linked(via("ir-managed")));
    await put(`${factory}/linkedservices/sql_public`, linked());
    const used = await emulator.arm("DELETE", `${factory}/integrationRuntimes/ir-managed`);
    assert.match(used.text, /referenced by sql_private/);
  });

  it("reaches a closed server only once the endpoint is approved", async () => {
    const denied = /Cannot connect to SQL Database\..*Deny Public Network Access is set to Yes/;
    assert.match((await query("sql_private")).message, denied);
    const made = await put(managedEndpoint("sql"), {
      properties: { privateLinkResourceId: server, groupId: "sqlServer" },
    });
    assert.equal(made.properties.connectionState.status, "Pending");
    assert.match((await query("sql_private")).message, denied);
    await approve(server);
    const { json } = await emulator.arm("GET", managedEndpoint("sql"));
    assert.equal(json.properties.connectionState.status, "Approved");
    const ended = await query("sql_private");
    assert.equal(ended.status, "Succeeded", ended.message);
    // Azure's own runtime stays outside.
    assert.match((await query("sql_public")).message, denied);
  });

  it("calls a closed vault from a runtime in the network", async () => {
    const refused = /403.*Public network access is disabled/s;
    assert.match((await secret("ir-managed")).message, refused);
    await put(managedEndpoint("vault"), { properties: { privateLinkResourceId: vault, groupId: "vault" } });
    await approve(vault);
    const ended = await secret("ir-managed");
    assert.equal(ended.status, "Succeeded", ended.message);
    assert.match((await secret("AutoResolveIntegrationRuntime")).message, refused);
    await emulator.controlPlane.delete(managedEndpoint("vault"), emulator.context.principals.deployer);
    assert.match((await secret("ir-managed")).message, refused);
  });

  it("is among the services that a vault's firewall trusts", async () => {
    const body = emulator.context.resources.get(vault);
    const properties = {
      ...body?.properties,
      networkAcls: { bypass: "AzureServices", defaultAction: "Deny" },
    };
    await put(vault, { location: "westeurope", properties });
    const ended = await secret("AutoResolveIntegrationRuntime");
    assert.equal(ended.status, "Succeeded", ended.message);
  });
});
