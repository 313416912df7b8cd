import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { ClientAssertionCredential, ClientSecretCredential } from "@azure/identity";
import { ARM_AUDIENCE, GRAPH_AUDIENCE } from "../identity";
import { startTestEmulator, type TestEmulator } from "../testing/test-emulator";

const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const SUBJECT = "repo:acme/data:environment:dev";

describe("Microsoft Graph", () => {
  let emulator: TestEmulator;
  let trusted: string[];
  beforeEach(async () => {
    emulator = await startTestEmulator();
    trusted = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...trusted, emulator.context.certificates.ca]);
  });
  afterEach(async () => {
    tls.setDefaultCACertificates(trusted);
    await emulator.stop();
  });

  const graph = async (
    method: string,
    path: string,
    body?: unknown,
    principal = emulator.context.principals.deployer,
  ) => {
    const { token } = emulator.context.tokens.issue(principal, GRAPH_AUDIENCE);
    return emulator.call(`${emulator.context.httpsUrl}/graph/v1.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  };
  const made = async (path: string, body: unknown) => {
    const reply = await graph("POST", path, body);
    assert.ok(reply.status < 300, `${path}: ${reply.status} ${reply.text}`);
    return reply.json;
  };
  const application = async (displayName = "deploy") => {
    const app = await made("/applications", { displayName, keyCredentials: [] });
    const principal = await made("/servicePrincipals", { appId: app.appId, accountEnabled: true });
    return { app, principal };
  };
  const options = () => ({
    authorityHost: emulator.context.httpsUrl,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  });
  const scope = `${ARM_AUDIENCE}.default`;
  const group = {
    displayName: "SQL admins",
    mailEnabled: false,
    mailNickname: "sql-admins",
    securityEnabled: true,
  };

  it("makes, finds, changes and deletes an application", async () => {
    const { app, principal } = await application();
    await application("other");
    const found = await graph("GET", `/applications?$filter=displayName eq 'deploy'&$select=id,appId`);
    assert.deepEqual(found.json.value, [{ id: app.id, appId: app.appId }]);
    const begins = await graph("GET", "/servicePrincipals?$filter=startswith(displayName,'dep')");
    assert.deepEqual(
      begins.json.value.map(({ id }: { id: string }) => id).sort(),
      [principal.id, emulator.context.principals.deployer.objectId].sort(),
    );
    assert.equal((await graph("PATCH", `/applications/${app.id}`, { displayName: "renamed" })).status, 204);
    assert.equal((await graph("GET", `/applications(appId='${app.appId}')`)).json.displayName, "renamed");
    assert.equal((await graph("DELETE", `/applications/${app.id}`)).status, 204);
    assert.equal((await graph("GET", `/applications/${app.id}`)).json.error.code, "Request_ResourceNotFound");
    assert.equal((await graph("GET", `/servicePrincipals/${principal.id}`)).status, 404);
  });

  it("is found at the address of the metadata, with a token for that address", async () => {
    const { context, call } = emulator;
    const { json } = await call(`${context.httpsUrl}/metadata/endpoints?api-version=2022-09-01`);
    const address: string = json.microsoftGraphResourceId;
    const ask = (audience: string) => {
      const { token } = context.tokens.issue(context.principals.deployer, audience);
      return call(`${address}v1.0/applications`, { headers: { authorization: `Bearer ${token}` } });
    };
    assert.equal((await ask(`${address}/.default`)).status, 200);
    assert.equal((await ask(json.resourceManager)).status, 401);
  });

  it("filters lists that are empty, and by what a collection holds", async () => {
    const named = `/groups?$filter=displayName eq 'a' and mailNickname eq 'a'`;
    assert.deepEqual((await graph("GET", named)).json.value, []);
    const { app, principal } = await application();
    const by = (collection: string, value: string) =>
      graph("GET", `${collection}/any(x:x eq '${value}')`).then(({ status, json }) => [
        status,
        json.value?.map(({ id }: { id: string }) => id),
      ]);
    assert.deepEqual(await by("/servicePrincipals?$filter=servicePrincipalNames", app.appId), [
      200,
      [principal.id],
    ]);
    assert.deepEqual(await by("/applications?$filter=identifierUris", "api://none"), [200, []]);
    assert.equal((await by("/applications?$filter=displayName", "deploy"))[0], 400);
    const other = "/applications?$filter=identifierUris/any(x:y eq 'a')";
    assert.equal((await graph("GET", other)).status, 400);
  });

  it("refuses what it does not keep or understand", async () => {
    const unknown = await graph("POST", "/applications", { displayName: "a", web: {} });
    assert.deepEqual([unknown.status, unknown.json.error.code], [400, "Request_BadRequest"]);
    const certificate = await graph("POST", "/applications", { displayName: "a", keyCredentials: [{}] });
    assert.equal(certificate.status, 400);
    for (const query of ["$filter=garbage (", "$filter=nothing eq 'a'", "$top=many", "$expand=owners"])
      assert.equal((await graph("GET", `/applications?${query}`)).status, 400, query);
    const nobody = emulator.context.principals.ofResource("/x", "x");
    const denied = await graph(
      "GET",
      "/applications",
      undefined,
      nobody as typeof emulator.context.principals.deployer,
    );
    assert.deepEqual([denied.status, denied.json.error.code], [403, "Authorization_RequestDenied"]);
  });

  it("signs an application in with a secret until that is removed, and shows the secret once", async () => {
    const { app } = await application();
    const { secretText, keyId } = await made(`/applications/${app.id}/addPassword`, {});
    const signIn = (secret: string) =>
      new ClientSecretCredential(emulator.context.tenantId, app.appId, secret, options()).getToken(scope);
    const { token } = await signIn(secretText);
    assert.equal(emulator.context.tokens.verify(token, ARM_AUDIENCE).clientId, app.appId);
    await assert.rejects(signIn("wrong"), /AADSTS7000215/);
    const [shown] = (await graph("GET", `/applications/${app.id}`)).json.passwordCredentials;
    assert.deepEqual([shown.keyId, shown.secretText], [keyId, null]);
    assert.equal((await graph("POST", `/applications/${app.id}/removePassword`, { keyId })).status, 204);
    await assert.rejects(signIn(secretText), /AADSTS7000215/);
    const old = {
      passwordCredential: { startDateTime: "2019-01-01T00:00:00Z", endDateTime: "2020-01-01T00:00:00Z" },
    };
    const expired = await made(`/applications/${app.id}/addPassword`, old);
    await assert.rejects(signIn(expired.secretText), /AADSTS7000222/);
  });

  it("lets a group's members do what its roles grant", async () => {
    const { principal } = await application();
    const [outer, inner] = [
      await made("/groups", group),
      await made("/groups", { ...group, mailNickname: "inner" }),
    ];
    const add = (to: string, id: string) =>
      graph("POST", `/groups/${to}/members/$ref`, {
        "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
      });
    const member = emulator.context.principals.byObjectId(principal.id);
    assert.ok(member);
    const token = emulator.context.tokens.issue(member, ARM_AUDIENCE).token;
    const assignment = `${emulator.group}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111`;
    const roleDefinitionId = `/subscriptions/${emulator.context.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${READER}`;
    const properties = { roleDefinitionId, principalId: outer.id, principalType: "Group" };
    assert.ok((await emulator.arm("PUT", assignment, { properties })).status < 300);
    assert.equal((await emulator.arm("GET", emulator.group, undefined, token)).status, 403);
    assert.equal((await add(inner.id, principal.id)).status, 204);
    assert.equal((await add(outer.id, inner.id)).status, 204);
    assert.equal((await emulator.arm("GET", emulator.group, undefined, token)).status, 200);
    assert.equal((await add(outer.id, inner.id)).status, 400, "twice");
    assert.equal((await add(outer.id, "22222222-2222-4222-8222-222222222222")).status, 404);
    const members = (await graph("GET", `/groups/${outer.id}/members`)).json.value;
    assert.deepEqual(
      members.map(({ id }: { id: string }) => id),
      [inner.id],
    );
    assert.equal((await graph("DELETE", `/groups/${inner.id}/members/${principal.id}/$ref`)).status, 204);
    assert.equal((await emulator.arm("GET", emulator.group, undefined, token)).status, 403);
  });

  describe("federated credentials", () => {
    let issuer: string;
    let server: Server;
    let sign: (claims: Record<string, unknown>, expires?: string) => Promise<string>;
    beforeEach(async () => {
      const { exportJWK, generateKeyPair, SignJWT } = await import("jose");
      const { publicKey, privateKey } = await generateKeyPair("RS256");
      const keys = [{ ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" }];
      server = createServer((request, reply) =>
        reply
          .setHeader("content-type", "application/json")
          .end(
            JSON.stringify(request.url?.includes("keys") ? { keys } : { issuer, jwks_uri: `${issuer}/keys` }),
          ),
      ).listen(0, "127.0.0.1");
      await once(server, "listening");
      issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      sign = (claims, expires = "5m") =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: "RS256", kid: "1" })
          .setExpirationTime(expires)
          .sign(privateKey);
    });
    afterEach(() => void server.close());

    const credential = { name: "github-dev", subject: SUBJECT, audiences: ["api://AzureADTokenExchange"] };
    const signIn = (appId: string, assertion: string) =>
      new ClientAssertionCredential(
        emulator.context.tenantId,
        appId,
        async () => assertion,
        options(),
      ).getToken(scope);

    it("sign an application in with a token of their issuer, subject and audience, and no other", async () => {
      const { app } = await application();
      await made(`/applications/${app.id}/federatedIdentityCredentials`, { ...credential, issuer });
      const claims = { iss: issuer, sub: SUBJECT, aud: "api://AzureADTokenExchange" };
      const { token } = await signIn(app.appId, await sign(claims));
      assert.equal(emulator.context.tokens.verify(token, ARM_AUDIENCE).clientId, app.appId);
      const refused = async (other: Record<string, unknown>, code: RegExp, expires?: string) =>
        assert.rejects(signIn(app.appId, await sign({ ...claims, ...other }, expires)), code);
      await refused({ sub: SUBJECT.replace("dev", "Dev") }, /AADSTS700213/);
      await refused({ aud: "other" }, /AADSTS700212/);
      await refused({ iss: "http://127.0.0.1:1" }, /AADSTS700211/);
      await refused({}, /AADSTS700024/, "-1h");
      const [head, body] = (await sign(claims)).split(".");
      await assert.rejects(signIn(app.appId, `${head}.${body}.AAAA`), /AADSTS50013/);
    });

    it("never fetch keys from another machine", async () => {
      const { app } = await application();
      const elsewhere = "https://token.actions.githubusercontent.com";
      await made(`/applications/${app.id}/federatedIdentityCredentials`, {
        ...credential,
        issuer: elsewhere,
      });
      const assertion = await sign({ iss: elsewhere, sub: SUBJECT, aud: "api://AzureADTokenExchange" });
      await assert.rejects(signIn(app.appId, assertion), /AADSTS50013.*this machine only/);
    });

    it("have their own name, issuer and subject, and are changed and deleted", async () => {
      const { app } = await application();
      const path = `/applications/${app.id}/federatedIdentityCredentials`;
      const { id } = await made(path, { ...credential, issuer });
      assert.equal((await graph("POST", path, { ...credential, name: "again", issuer })).status, 409);
      assert.equal(
        (await graph("PATCH", `${path}/github-dev`, { subject: "repo:acme/data:ref:refs/heads/main" }))
          .status,
        204,
      );
      assert.equal((await graph("GET", `${path}/${id}`)).json.subject, "repo:acme/data:ref:refs/heads/main");
      assert.equal((await graph("DELETE", `${path}/${id}`)).status, 204);
      assert.deepEqual((await graph("GET", path)).json.value, []);
    });

    it("need a service principal", async () => {
      const app = await made("/applications", { displayName: "alone" });
      await made(`/applications/${app.id}/federatedIdentityCredentials`, { ...credential, issuer });
      const assertion = await sign({ iss: issuer, sub: SUBJECT, aud: "api://AzureADTokenExchange" });
      await assert.rejects(signIn(app.appId, assertion), /AADSTS7000229/);
    });
  });

  it("survives a restart", async () => {
    const { app, principal } = await application();
    await emulator.close();
    emulator = await startTestEmulator(undefined, emulator.context.folder);
    assert.equal((await graph("GET", `/applications/${app.id}`)).json.appId, app.appId);
    assert.equal(emulator.context.principals.byObjectId(principal.id)?.clientId, app.appId);
  });
});
