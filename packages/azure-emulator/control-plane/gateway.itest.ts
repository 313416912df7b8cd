import assert from "node:assert/strict";
import http from "node:http";
import tls from "node:tls";
import { ClientSecretCredential, ManagedIdentityCredential } from "@azure/identity";
import { identityEndpoint, identityHeader } from ".";
import { ARM_AUDIENCE } from "./identity";
import type { LocalService } from "./local-service";
import { startTestEmulator, type TestEmulator, testType } from "./testing/test-emulator";

describe("gateway", () => {
  let emulator: TestEmulator;
  const trusted = tls.getCACertificates("default");
  before(async () => {
    const resourceTypes = [{ type: "Microsoft.Test/things" }];
    emulator = await startTestEmulator(() => [{ name: "test", resourceTypes }], undefined, [
      testType("Microsoft.Test/things"),
    ]);
    tls.setDefaultCACertificates([...trusted, emulator.context.certificates.ca]);
  });
  after(async () => {
    tls.setDefaultCACertificates(trusted);
    await emulator.stop();
  });

  it("answers TLS and plain HTTP on one port, on kept-alive connections too", async () => {
    const { httpsUrl, httpUrl, tenantId } = emulator.context;
    assert.equal(new URL(httpsUrl).port, new URL(httpUrl).port);
    const secure = await emulator.call(`${httpsUrl}/metadata/endpoints?api-version=2022-09-01`);
    assert.equal(secure.json.resourceManager, httpsUrl);
    assert.equal(secure.json.authentication.tenant, tenantId);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let call = 0; call < 3; call++) {
      const status = await new Promise((resolve, reject) => {
        http
          .get(`${httpUrl}/metadata/endpoints`, { agent }, (response) => {
            response.resume().once("end", () => resolve(response.statusCode));
          })
          .once("error", reject);
      });
      assert.equal(status, 200);
    }
    assert.equal(Object.values(agent.freeSockets).flat().length, 1);
    agent.destroy();
  });

  it("refuses other host names that resolve to loopback and pages of other sites", async () => {
    const { httpsUrl } = emulator.context;
    const url = `${httpsUrl}/metadata/endpoints`;
    // Over plain HTTP, because a TLS client would itself refuse the certificate for another name.
    const rebound = new Promise((resolve, reject) => {
      const options = { headers: { host: "rebound.example" }, agent: false };
      http
        .get(url.replace("https:", "http:"), options, (response) => resolve(response.resume().statusCode))
        .once("error", reject);
    });
    assert.equal(await rebound, 421);
    assert.equal(
      (await emulator.call(url, { headers: { origin: "https://elsewhere.example" } })).status,
      403,
    );
    assert.equal((await emulator.call(url, { headers: { origin: httpsUrl } })).status, 200);
    assert.equal((await emulator.call(url.replace("127.0.0.1", "localhost"))).status, 200);
  });

  it("signs in Microsoft's ClientSecretCredential", async () => {
    const { httpsUrl, tenantId, principals, tokens } = emulator.context;
    const { clientId, secret } = principals.deployer;
    const credential = new ClientSecretCredential(tenantId, clientId, secret, {
      authorityHost: httpsUrl,
      disableInstanceDiscovery: true,
    });
    const { token } = await credential.getToken(`${ARM_AUDIENCE}.default`);
    assert.equal(
      tokens.verify(token, "https://management.core.windows.net/").objectId,
      principals.deployer.objectId,
    );
    const { createLocalJWKSet, jwtVerify } = await import("jose");
    const keys = await emulator.call(`${httpsUrl}/${tenantId}/discovery/v2.0/keys`);
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys.json));
    assert.equal(payload.appid, clientId);
    assert.equal(payload.tid, tenantId);
  });

  it("refuses a wrong secret and an unknown application with Entra's numbers", async () => {
    const { httpsUrl, tenantId, principals } = emulator.context;
    const sign = (id: string, secret: string) =>
      new ClientSecretCredential(tenantId, id, secret, {
        authorityHost: httpsUrl,
        disableInstanceDiscovery: true,
      }).getToken("https://vault.azure.net/.default");
    await assert.rejects(sign(principals.deployer.clientId, "wrong"), /AADSTS7000215/);
    await assert.rejects(sign("00000000-0000-0000-0000-000000000001", "any"), /AADSTS700016/);
  });

  it("gives ManagedIdentityCredential the token of the resource's own identity, and caches one per audience", async () => {
    const { group, context, controlPlane } = emulator;
    const user = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader`;
    const { properties } = await controlPlane.put(
      user,
      { location: "westeurope" },
      context.principals.deployer,
    );
    const thing = `${group}/providers/Microsoft.Test/things/one`;
    await controlPlane.put(
      thing,
      { identity: { type: "SystemAssigned, UserAssigned", userAssignedIdentities: { [user]: {} } } },
      context.principals.deployer,
    );
    process.env.IDENTITY_ENDPOINT = identityEndpoint(context);
    process.env.IDENTITY_HEADER = identityHeader(context, thing);
    try {
      const named = new ManagedIdentityCredential({ clientId: String(properties.clientId) });
      const { token } = await named.getToken("https://database.windows.net/.default");
      const principal = context.tokens.verify(token, "https://database.windows.net/");
      assert.equal(principal.clientId, properties.clientId);
      assert.equal((await named.getToken("https://database.windows.net/.default")).token, token);
      const own = await new ManagedIdentityCredential().getToken("https://vault.azure.net/.default");
      const identity = context.tokens.verify(own.token, "https://vault.azure.net");
      assert.equal(identity.objectId, context.resources.get(thing)?.identity?.principalId);
      const stranger = new ManagedIdentityCredential({ clientId: context.principals.deployer.clientId });
      await assert.rejects(stranger.getToken("https://vault.azure.net/.default"));
      // Without the client, which keeps the first endpoint and header of its process.
      const url = `${context.httpsUrl}/identity/token?resource=https://vault.azure.net`;
      const forged = { "x-identity-header": `${identityHeader(context, thing)}x` };
      assert.equal((await emulator.call(url, { headers: forged })).status, 401);
    } finally {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
    }
  });
});

describe("resource manager's REST surface", () => {
  let emulator: TestEmulator;
  let things: string;
  before(async () => {
    const service: LocalService = {
      name: "test",
      resourceTypes: [
        { type: "Microsoft.Test/things", internal: ["history"] },
        { type: "Microsoft.Test/things/parts" },
      ],
      armRoutes: [
        {
          method: "POST",
          path: "/providers/Microsoft.Test/things/:thing/echo",
          action: "Microsoft.Test/things/echo/action",
          handle: async ({ params, body, resourceGroupId }) => ({
            status: 202,
            body: { thing: params.thing, body, resourceGroupId },
            headers: { location: "elsewhere" },
          }),
        },
      ],
    };
    emulator = await startTestEmulator(() => [service], undefined, [
      testType("Microsoft.Test/things", { writeOnly: ["secret.value"] }),
      testType("Microsoft.Test/things/parts", { putStatus: { created: 202, updated: 204 } }),
    ]);
    things = `${emulator.group}/providers/Microsoft.Test/things`;
  });
  after(() => emulator.stop());

  it("puts, gets, lists, patches and deletes without write-only and service-internal properties", async () => {
    const body = {
      location: "westeurope",
      properties: { size: 1, secret: { value: "hidden", hint: "seen" }, history: [1] },
    };
    const created = await emulator.arm("PUT", `${things}/Box`, body);
    assert.equal(created.status, 201);
    assert.deepEqual(created.json.properties, { size: 1, secret: { hint: "seen" } });
    assert.equal((await emulator.arm("PUT", `${things}/Box`, body)).status, 200);
    // Paths are not case-sensitive; the first spelling stays.
    const read = await emulator.arm("GET", `${things.toUpperCase()}/BOX`);
    assert.equal(read.json.id, `${things}/Box`);
    const patched = await emulator.arm("PATCH", `${things}/Box`, { tags: { owner: "me" } });
    assert.deepEqual(patched.json.tags, { owner: "me" });
    assert.deepEqual(emulator.context.resources.get(`${things}/Box`)?.properties.secret, {
      value: "hidden",
      hint: "seen",
    });
    // The status codes come from the types' descriptors.
    assert.equal((await emulator.arm("PUT", `${things}/Box/parts/lid`, {})).status, 202);
    assert.equal((await emulator.arm("PUT", `${things}/Box/parts/lid`, {})).status, 204);
    assert.deepEqual(
      (await emulator.arm("GET", things)).json.value.map(({ name }: { name: string }) => name),
      ["Box"],
    );
    assert.equal((await emulator.arm("GET", `${things}/Box/parts`)).json.value.length, 1);
    assert.equal((await emulator.arm("DELETE", `${things}/Box`)).status, 200);
    assert.equal((await emulator.arm("DELETE", `${things}/Box`)).status, 204);
    assert.equal((await emulator.arm("GET", `${things}/Box/parts/lid`)).status, 404);
  });

  it("answers resource groups, including HEAD, and removes everything below them", async () => {
    const group = `/subscriptions/${emulator.context.subscriptionId}/resourceGroups/other`;
    assert.equal((await emulator.arm("HEAD", group)).status, 404);
    assert.equal((await emulator.arm("PUT", group, {})).json.error.code, "LocationRequired");
    assert.equal((await emulator.arm("PUT", group, { location: "westeurope" })).status, 201);
    assert.equal((await emulator.arm("HEAD", group)).status, 204);
    await emulator.arm("PUT", `${group}/providers/Microsoft.Test/things/a`, {});
    assert.equal((await emulator.arm("GET", `${group}/resources`)).json.value.length, 1);
    const deletion = await emulator.arm("DELETE", group);
    assert.equal(deletion.status, 202);
    const location = String(deletion.headers.location).slice(emulator.context.httpsUrl.length);
    while ((await emulator.arm("GET", location)).status === 202);
    assert.deepEqual(emulator.context.resources.list({ under: group }), []);
    const groups = await emulator.arm(
      "GET",
      `/subscriptions/${emulator.context.subscriptionId}/resourceGroups`,
    );
    assert.deepEqual(
      groups.json.value.map(({ name }: { name: string }) => name),
      ["rg"],
    );
  });

  it("takes an id behind more than one slash, as clients write it", async () => {
    const path = `/${emulator.group}/providers/Microsoft.Authorization/roleDefinitions`;
    assert.equal((await emulator.arm("GET", path)).status, 200);
    await emulator.arm("PUT", `/${things}/Slashed`, {});
    assert.equal((await emulator.arm("GET", `/${things}//Slashed/`)).json.id, `${things}/Slashed`);
  });

  it("holds each PUT and PATCH to the published types, and each request to the type's API versions", async () => {
    const { arm, group } = emulator;
    const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/checked`;
    const code = async (method: string, body: unknown, query = "") =>
      (await arm(method, `${identity}${query}`, body)).json.error?.code;
    const location = "westeurope";
    assert.equal(await code("PUT", { location, properties: "hello" }), "InvalidRequestContent");
    assert.equal(await code("PUT", { location, nonsense: 1 }), "InvalidRequestContent");
    assert.equal(await code("PUT", { location, nonsense: 1 }, "?api-version=2024-11-30"), undefined);
    assert.equal(await code("PATCH", { tags: { "a/b": "" } }), "InvalidTagNameCharacters");
    assert.equal(await code("PATCH", { tags: { a: "" } }), undefined);
    for (const [method, body] of [["GET"], ["PUT", { location }], ["PATCH", {}], ["DELETE"]] as const) {
      assert.equal(await code(method, body, "?api-version=banana"), "InvalidApiVersionParameter");
      assert.equal(await code(method, body, "?api-version=2099-01-01"), "NoRegisteredProviderFound");
    }
  });

  it("refuses what Azure refuses", async () => {
    const missing = await emulator.call(`${emulator.context.httpsUrl}${things}/x?api-version=2024-03-01`);
    assert.equal(missing.status, 401);
    assert.match(String(missing.headers["www-authenticate"]), /^Bearer authorization_uri=/);
    assert.equal((await emulator.arm("GET", `${things}/x`, undefined, "a.b.c")).status, 401);
    const { token } = emulator.context.tokens.issue(
      emulator.context.principals.deployer,
      "https://vault.azure.net",
    );
    assert.equal(
      (await emulator.arm("GET", `${things}/x`, undefined, token)).json.error.code,
      "InvalidAuthenticationToken",
    );
    const unknown = await emulator.arm(
      "PUT",
      `${emulator.group}/providers/Microsoft.Compute/virtualMachines/v`,
      {},
    );
    assert.equal(unknown.json.error.code, "QT6001");
    assert.match(unknown.json.error.message, /Microsoft\.Compute\/virtualMachines/);
    assert.equal(
      (await emulator.arm("PUT", `${things}/none/parts/p`, {})).json.error.code,
      "ParentResourceNotFound",
    );
    const elsewhere = `/subscriptions/${emulator.context.subscriptionId}/resourceGroups/none/providers/Microsoft.Test/things/t`;
    assert.equal((await emulator.arm("PUT", elsewhere, {})).json.error.code, "ResourceGroupNotFound");
    const subscription = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg";
    assert.equal((await emulator.arm("GET", subscription)).json.error.code, "SubscriptionNotFound");
  });

  it("checks a route's action against the caller's roles and passes empty bodies on", async () => {
    await emulator.arm("PUT", `${things}/Echo`, { identity: { type: "SystemAssigned" } });
    const answer = await emulator.arm("POST", `${things}/Echo/echo`);
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.location, "elsewhere");
    assert.deepEqual(answer.json, { thing: "Echo", resourceGroupId: emulator.group });
    const principal = emulator.context.principals.ofResource(`${things}/Echo`, "Echo");
    const { token } = emulator.context.tokens.issue(principal, ARM_AUDIENCE);
    const refused = await emulator.arm("POST", `${things}/Echo/echo`, undefined, token);
    assert.equal(refused.status, 403);
    assert.match(refused.json.error.message, /Microsoft\.Test\/things\/echo\/action/);
    const identity = await emulator.arm(
      "GET",
      `${things}/Echo/providers/Microsoft.ManagedIdentity/identities/default`,
    );
    assert.equal(identity.json.properties.clientId, principal.clientId);
  });
});
