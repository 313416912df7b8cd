import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import { StorageManagementClient } from "@azure/arm-storage";
import { all, type ClientEmulator, fresh, startClientEmulator } from "../client-emulator";

const location = "westeurope";

describe("@azure/arm-resources, -authorization, -msi, -keyvault and -storage against the emulator", () => {
  let emulator: ClientEmulator;
  let group: string;
  let options: { endpoint: string; credentialScopes: string; tlsOptions: { ca: string } };
  before(async () => {
    emulator = await startClientEmulator();
    ({ group } = emulator);
    options = {
      endpoint: emulator.armUrl,
      credentialScopes: "https://management.azure.com/.default",
      tlsOptions: { ca: emulator.ca },
    };
  });
  after(() => emulator?.stop());

  const names = async (list: AsyncIterable<{ name?: string }>) => (await all(list)).map(({ name }) => name);
  /** Operations that end later are polled without a pause. */
  const atOnce = { updateIntervalInMs: 0 };

  it("list the subscription, its locations and the tenant", async () => {
    const client = new SubscriptionClient(emulator.credential, options);
    assert.deepEqual(
      (await all(client.subscriptions.list())).map(({ subscriptionId }) => subscriptionId),
      [emulator.subscriptionId],
    );
    assert.equal((await client.subscriptions.get(emulator.subscriptionId)).state, "Enabled");
    assert.ok((await names(client.subscriptions.listLocations(emulator.subscriptionId))).includes(location));
    assert.equal((await all(client.tenants.list()))[0]?.tenantId, emulator.tenantId);
  });

  it("create, get, list, update and delete a group and a generic resource", async () => {
    const client = new ResourceManagementClient(emulator.credential, emulator.subscriptionId, options);
    const name = fresh("rg-");
    await client.resourceGroups.createOrUpdate(name, { location, tags: { a: "b" } });
    assert.equal((await client.resourceGroups.get(name)).location, location);
    assert.deepEqual((await client.resourceGroups.update(name, { tags: { c: "d" } })).tags, { c: "d" });
    const filter = "tagName eq 'c' and tagValue eq 'd'";
    assert.deepEqual(await names(client.resourceGroups.list({ filter })), [name]);

    const workspace = fresh("law-");
    const id = `/subscriptions/${emulator.subscriptionId}/resourceGroups/${name}/providers/Microsoft.OperationalInsights/workspaces/${workspace}`;
    const version = "2023-09-01";
    await client.resources.beginCreateOrUpdateByIdAndWait(id, version, { location }, atOnce);
    assert.equal((await client.resources.getById(id, version)).name, workspace);
    const type = "resourceType eq 'Microsoft.OperationalInsights/workspaces'";
    assert.deepEqual(await names(client.resources.listByResourceGroup(name, { filter: type })), [workspace]);
    await client.resources.beginUpdateByIdAndWait(id, version, { tags: { e: "f" } }, atOnce);
    assert.deepEqual((await client.resources.getById(id, version)).tags, { e: "f" });
    await client.resources.beginDeleteByIdAndWait(id, version, atOnce);
    await assert.rejects(client.resources.getById(id, version), {
      statusCode: 404,
      code: "ResourceNotFound",
    });
    await client.resourceGroups.beginDeleteAndWait(name, atOnce);
    await assert.rejects(client.resourceGroups.get(name), { statusCode: 404, code: "ResourceGroupNotFound" });
    assert.equal((await client.providers.get("Microsoft.Sql")).registrationState, "Registered");
  });

  it("create, get, list and delete an identity and its role", async () => {
    const { credential, subscriptionId } = emulator;
    const identities = new ManagedServiceIdentityClient(credential, subscriptionId, options)
      .userAssignedIdentities;
    const name = fresh("id-");
    const { principalId = "" } = await identities.createOrUpdate(group, name, { location });
    assert.ok((await names(identities.listByResourceGroup(group))).includes(name));

    const client = new AuthorizationManagementClient(credential, subscriptionId, options);
    const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
    const [reader] = await all(client.roleDefinitions.list(scope, { filter: "roleName eq 'Reader'" }));
    const assignment = randomUUID();
    const wanted = { roleDefinitionId: reader?.id ?? "", principalId, principalType: "ServicePrincipal" };
    await client.roleAssignments.create(scope, assignment, wanted);
    assert.equal((await client.roleAssignments.get(scope, assignment)).principalId, principalId);
    await assert.rejects(client.roleAssignments.create(scope, randomUUID(), wanted), {
      statusCode: 409,
      code: "RoleAssignmentExists",
    });
    const his = { filter: `principalId eq '${principalId}'` };
    assert.deepEqual(await names(client.roleAssignments.listForScope(scope, his)), [assignment]);
    await client.roleAssignments.delete(scope, assignment);
    await identities.delete(group, name);
    await assert.rejects(identities.get(group, name), { statusCode: 404 });
  });

  it("create, get, list, update and delete a vault", async () => {
    const { credential, subscriptionId, tenantId } = emulator;
    const { vaults } = new KeyVaultManagementClient(credential, subscriptionId, options);
    const name = fresh("kv-");
    const properties = {
      tenantId,
      sku: { family: "A" as const, name: "standard" as const },
      enableRbacAuthorization: true,
    };
    await vaults.beginCreateOrUpdateAndWait(group, name, { location, properties }, atOnce);
    assert.ok((await vaults.get(group, name)).properties?.vaultUri);
    assert.deepEqual((await vaults.update(group, name, { tags: { a: "b" } })).tags, { a: "b" });
    assert.ok((await names(vaults.listByResourceGroup(group))).includes(name));
    await vaults.delete(group, name);
    await assert.rejects(vaults.get(group, name), { statusCode: 404 });
    await vaults.beginPurgeDeletedAndWait(name, location, atOnce);
  });

  it("create, get, list, update and delete a storage account and a container", async () => {
    const client = new StorageManagementClient(emulator.credential, emulator.subscriptionId, options);
    const { storageAccounts, blobContainers } = client;
    const name = fresh("st");
    const type = "Microsoft.Storage/storageAccounts" as const;
    assert.ok((await storageAccounts.checkNameAvailability({ name, type })).nameAvailable);
    const body = { location, kind: "StorageV2" as const, sku: { name: "Standard_LRS" as const } };
    await storageAccounts.create(group, name, body, atOnce);
    assert.ok((await storageAccounts.getProperties(group, name)).primaryEndpoints?.blob);
    assert.ok((await names(storageAccounts.listByResourceGroup(group))).includes(name));
    assert.deepEqual((await storageAccounts.update(group, name, { tags: { a: "b" } })).tags, { a: "b" });
    await blobContainers.create(group, name, "box", {});
    assert.deepEqual(await names(blobContainers.list(group, name)), ["box"]);
    await blobContainers.delete(group, name, "box");
    await storageAccounts.delete(group, name);
    await assert.rejects(storageAccounts.getProperties(group, name), { statusCode: 404 });
  });
});
