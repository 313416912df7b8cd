import assert from "node:assert/strict";
import { httpsCall } from "../../control-plane/https-call";
import { ARM_AUDIENCE } from "../../control-plane/identity";
import type { ArmResource } from "../../control-plane/resource";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createKeyVaultService } from "../key-vault";
import { createNetworkService } from "../network";
import { makePrivateNetwork, type PrivateNetwork } from "../network/testing/private-network";
import { createPassiveService } from "../passive";
import { createSqlService } from "../sql";
import { createStorageService } from "../storage";
import { createWebService } from ".";
import { makeTestSite, packTestApp, type TestSite } from "./testing/test-app";

const USER = "4633458b-17de-408a-b874-0445c86b69e6";
const PARTNER_IP = "192.0.2.25";

/** Calls a vault with fetch and a server with tedious, as an app's own code does. */
const APP = `
import { app } from "@azure/functions";
import { Connection } from "tedious";
const tokenFor = async (resource: string) => {
  const url = process.env.IDENTITY_ENDPOINT + "?api-version=2019-08-01&resource=" + encodeURIComponent(resource)
    + "&client_id=" + process.env.CLIENT_ID;
  const answer = await fetch(url, { headers: { "x-identity-header": process.env.IDENTITY_HEADER ?? "" } });
  return ((await answer.json()) as { access_token: string }).access_token;
};
app.http("secret", { methods: ["GET"], authLevel: "anonymous", handler: async () => {
  const token = await tokenFor("https://vault.azure.net");
  const answer = await fetch(process.env.VAULT + "secrets/word?api-version=7.4", { headers: { authorization: "Bearer " + token } });
  return { status: answer.status, body: await answer.text() };
} });
app.http("login", { methods: ["GET"], authLevel: "anonymous", handler: async () => {
  const token = await tokenFor("https://database.windows.net/");
  const connection = new Connection({ server: "127.0.0.1",
    authentication: { type: "azure-active-directory-access-token", options: { token } },
    options: { port: Number(process.env.SQL_PORT), database: "main", encrypt: true } });
  connection.on("error", () => {});
  const error = await new Promise<Error | undefined>((resolve) => connection.connect(resolve));
  connection.close();
  return { body: error?.message ?? "logged in" };
} });
app.http("reference", { methods: ["GET"], authLevel: "anonymous", handler: async () => ({ body: process.env.WORD }) });
`;

describe("a function app and networks", function () {
  this.timeout(120_000);
  let emulator: TestEmulator;
  let network: PrivateNetwork;
  let site: TestSite;

  before(async () => {
    emulator = await startTestEmulator((context) => [
      createStorageService(context),
      createKeyVaultService(context),
      createPassiveService(context),
      createNetworkService(context),
      createSqlService(context, {}),
      createWebService(context),
    ]);
    network = await makePrivateNetwork(emulator, emulator.group);
    site = await makeTestSite(emulator, "networked");
    const published = await site.publish(await packTestApp(APP));
    assert.equal(published.json.status, 4, published.text);
  });
  after(() => emulator?.stop());

  const put = async (id: string, body: object) => {
    const answer = await emulator.arm("PUT", id, body);
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  };
  /** PUTs the site with other properties. */
  const change = (properties: object) => {
    const stored: Partial<ArmResource> = emulator.context.resources.get(site.id) ?? {};
    const { location, kind, identity, properties: own = {} } = stored;
    const { serverFarmId, functionAppConfig } = own;
    return emulator.arm("PUT", site.id, {
      location,
      kind,
      identity: { type: identity?.type, userAssignedIdentities: identity?.userAssignedIdentities },
      properties: { serverFarmId, functionAppConfig, ...properties },
    });
  };
  const changed = async (properties: object) => {
    const answer = await change(properties);
    assert.equal(answer.status, 200, answer.text);
  };
  const call = async (path: string, localAddress?: string) => {
    const answer = await httpsCall(`https://${site.host}/api/${path}`, emulator.context.certificates.ca, {
      localAddress,
    });
    return { status: answer.status, headers: answer.headers, text: answer.body.toString() };
  };
  const scm = async (localAddress?: string) => {
    const { context } = emulator;
    const { token } = context.tokens.issue(context.principals.deployer, ARM_AUDIENCE);
    const answer = await httpsCall(`https://${site.scm}/api/deployments/latest`, context.certificates.ca, {
      headers: { authorization: `Bearer ${token}` },
      localAddress,
    });
    return answer.status;
  };
  const refused = async (subnetId: string, words: RegExp) => {
    const { status, text } = await change({ virtualNetworkSubnetId: subnetId });
    assert.equal(status, 400, text);
    assert.match(text, words);
  };
  const subnet = async (name: string, addressPrefix: string, serviceName?: string) => {
    const id = `${network.id}/subnets/${name}`;
    const delegations = serviceName === undefined ? [] : [{ name: "d", properties: { serviceName } }];
    await put(id, { properties: { addressPrefix, delegations } });
    return id;
  };

  it("needs a subnet that exists", () => refused(`${network.id}/subnets/none`, /subnets\/none.*not found/));

  it("needs the provider Microsoft.App", async () => {
    const { providers } = emulator.context;
    await providers.set("Microsoft.App", false);
    const { status, text } = await change({ virtualNetworkSubnetId: network.subnet("apps") });
    assert.equal(status, 500);
    assert.match(text, /unexpected InternalServerError/);
    await providers.set("Microsoft.App", true);
  });

  it("needs a subnet that is delegated to Microsoft.App/environments", async () => {
    await refused(
      await subnet("plain", "10.1.0.96/27"),
      /missing a delegation to Microsoft\.App\/environments/,
    );
    const webFarms = await subnet("plain", "10.1.0.96/27", "Microsoft.Web/serverFarms");
    await refused(webFarms, /missing a delegation to Microsoft\.App\/environments/);
  });

  it("needs a subnet of /27 or larger", async () => {
    await refused(await subnet("small", "10.1.0.128/28", "Microsoft.App/environments"), /too small: \/28/);
  });

  it("needs a subnet without an underscore in its name", async () => {
    await refused(await subnet("under_score", "10.1.0.160/27", "Microsoft.App/environments"), /underscore/);
  });

  it("reaches private services through its subnet, with unchanged clients", async () => {
    const { context, group } = emulator;
    const identity = context.resources.get(
      `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/networked-identity`,
    );
    const principalId = String(identity?.properties.principalId);
    const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-site`;
    const server = `${group}/providers/Microsoft.Sql/servers/sql-site`;
    const { properties } = await put(vault, {
      location: "westeurope",
      properties: {
        tenantId: context.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        publicNetworkAccess: "Disabled",
      },
    });
    await put(`${vault}/secrets/word`, { properties: { value: "hello" } });
    await put(`${vault}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`, {
      properties: { roleDefinitionId: `/x/${USER}`, principalId },
    });
    await put(server, {
      location: "westeurope",
      properties: {
        administrators: { sid: principalId, login: "networked", principalType: "Application" },
        publicNetworkAccess: "Disabled",
      },
    });
    await put(`${server}/databases/main`, { location: "westeurope" });
    const fqdn = context.resources.get(server)?.properties.fullyQualifiedDomainName;
    await put(`${site.id}/config/appsettings`, {
      properties: {
        ...site.settings,
        CLIENT_ID: String(identity?.properties.clientId),
        VAULT: properties.vaultUri,
        SQL_PORT: String(fqdn).split(",")[1],
        WORD: "@Microsoft.KeyVault(VaultName=kv-site;SecretName=word)",
      },
    });
    await changed({ keyVaultReferenceIdentity: identity?.id });
    assert.match((await call("secret")).text, /Public network access is disabled/);
    assert.match((await call("login")).text, /Deny Public Network Access/);
    assert.match((await call("reference")).text, /^@Microsoft\.KeyVault/);

    await network.endpoint("pe-kv", vault, "vault", { zone: await network.zone(vault, "vault") });
    await network.endpoint("pe-sql", server, "sqlServer", { zone: await network.zone(server, "sqlServer") });
    assert.match((await call("secret")).text, /Public network access is disabled/);
    await changed({
      keyVaultReferenceIdentity: identity?.id,
      virtualNetworkSubnetId: network.subnet("apps"),
    });
    const secret = await call("secret");
    assert.equal(JSON.parse(secret.text).value, "hello", secret.text);
    assert.equal((await call("login")).text, "logged in");
    assert.equal((await call("reference")).text, "hello");
    const inUse = await emulator.arm("DELETE", network.subnet("apps"));
    assert.match(inUse.text, /InUseSubnetCannotBeDeleted.*networked/);
    await changed({});
  });

  it("does not run without a way to its own storage", async () => {
    const { context, group } = emulator;
    const account = `${group}/providers/Microsoft.Storage/storageAccounts/networkedstore`;
    const { location, kind, sku } = context.resources.get(account) ?? {};
    const set = (publicNetworkAccess: string) =>
      put(account, { location, kind, sku, properties: { publicNetworkAccess } });
    await set("Disabled");
    await changed({});
    const stopped = await call("reference");
    assert.equal(stopped.status, 503);
    assert.match(stopped.text, /network rules of the storage account 'networkedstore' refuse the app/);
    await network.endpoint("pe-store", account, "blob", { zone: await network.zone(account, "blob") });
    await changed({ virtualNetworkSubnetId: network.subnet("apps") });
    const running = await call("reference");
    assert.equal(running.status, 200, running.text);
    await set("Enabled");
    await changed({});
  });

  it("answers listed addresses only", async () => {
    const partner = await emulator.context.callers.addressOf({ kind: "internet", ip: PARTNER_IP });
    const rule = { ipAddress: `${PARTNER_IP}/32`, action: "Allow", priority: 100, name: "Partner" };
    await changed({ siteConfig: { ipSecurityRestrictions: [rule] } });
    assert.equal((await call("reference", partner)).status, 200);
    const { status, headers, text } = await call("reference");
    assert.equal(status, 403);
    assert.equal(headers["x-ms-forbidden-ip"], "203.0.113.10");
    assert.match(text, /Error 403 - Forbidden/);
    const deny = { ...rule, action: "Deny", priority: 10 };
    await changed({ siteConfig: { ipSecurityRestrictions: [rule, deny] } });
    assert.equal((await call("reference", partner)).status, 403);
    await changed({
      siteConfig: { ipSecurityRestrictions: [deny], ipSecurityRestrictionsDefaultAction: "Allow" },
    });
    assert.equal((await call("reference")).status, 200);
  });

  it("has rules of its own for its deployment endpoint", async () => {
    const rule = { ipAddress: `${PARTNER_IP}/32`, action: "Allow", priority: 100 };
    const partner = await emulator.context.callers.addressOf({ kind: "internet", ip: PARTNER_IP });
    await changed({ siteConfig: { ipSecurityRestrictions: [rule] } });
    assert.equal(await scm(), 200);
    await changed({ siteConfig: { scmIpSecurityRestrictions: [rule] } });
    assert.equal(await scm(), 403);
    assert.equal((await call("reference")).status, 200);
    await changed({
      siteConfig: { ipSecurityRestrictions: [rule], scmIpSecurityRestrictionsUseMain: true },
    });
    assert.equal(await scm(), 403);
    assert.equal(await scm(partner), 200);
  });

  it("answers nobody outside once public access is off", async () => {
    await changed({ publicNetworkAccess: "Disabled" });
    const runner = await network.from("runners");
    assert.equal((await call("reference")).status, 403);
    assert.equal(await scm(), 403);
    assert.equal((await call("reference", runner)).status, 403);
    await network.endpoint("pe-site", site.id, "sites", { zone: await network.zone(site.id, "sites") });
    assert.equal((await call("reference", runner)).status, 200);
    assert.equal(await scm(runner), 200);
    assert.equal((await call("reference")).status, 403);
  });
});
