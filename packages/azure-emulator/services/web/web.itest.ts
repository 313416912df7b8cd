import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import type { FlowStep } from "../../control-plane/flow-log";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createKeyVaultService } from "../key-vault";
import { createPassiveService } from "../passive";
import { createStorageService } from "../storage";
import { createWebService, type WebService } from ".";
import { makeTestSite, packTestApp, type TestSite } from "./testing/test-app";

const APP = `
import { app } from "@azure/functions";
app.http("open", { methods: ["GET"], authLevel: "anonymous", route: "open/{id:int}",
  handler: async (request, context) => {
    context.log("called with", request.params.id);
    return { jsonBody: { id: request.params.id, query: request.query.get("q"), url: request.url } };
  } });
app.http("closed", { methods: ["POST"], authLevel: "function", handler: async (request) => ({ body: await request.text() }) });
app.http("environment", { methods: ["GET"], authLevel: "anonymous", handler: async () => ({ jsonBody: process.env }) });
app.http("broken", { methods: ["GET"], authLevel: "anonymous", handler: async () => { throw new Error("on purpose"); } });
app.http("crash", { methods: ["GET"], authLevel: "anonymous", handler: async () => process.kill(process.pid, "SIGKILL") && {} });
`;

describe("functions host", () => {
  let emulator: TestEmulator;
  let web: WebService;
  let site: TestSite;
  let zip: Uint8Array;
  const get = (path: string, headers: Record<string, string> = {}) =>
    emulator.call(`https://${site.host}${path}`, { headers });

  before(async () => {
    emulator = await startTestEmulator((context) => {
      web = createWebService(context);
      return [
        createStorageService(context),
        createKeyVaultService(context),
        createPassiveService(context),
        web,
      ];
    });
    site = await makeTestSite(emulator, "one");
    zip = await packTestApp(APP);
  });
  after(() => emulator.stop());

  it("answers 503 until code is published, then serves it", async () => {
    const before = await get("/api/open/1");
    assert.equal(before.status, 503);
    assert.match(before.text, /no code was published/);
    const published = await site.publish(zip);
    assert.equal(published.status, 200, published.text);
    assert.equal(published.json.status, 4);
    const answer = await get("/api/open/7?q=x%20y");
    assert.deepEqual(answer.json, { id: "7", query: "x y", url: `https://${site.host}/api/open/7?q=x%20y` });
    assert.equal(answer.headers["content-type"], "application/json");
  });

  it("answers plain HTTP on the same port", async () => {
    const status = await new Promise((resolve, reject) => {
      http
        .get(`http://${site.host}/api/open/1`, (response) => resolve(response.resume().statusCode))
        .once("error", reject);
    });
    assert.equal(status, 200);
  });

  it("applies routes, methods and constraints", async () => {
    assert.equal((await get("/api/open/notanumber")).status, 404);
    assert.equal((await get("/open/1")).status, 404);
    assert.equal((await get("/api/closed")).status, 404);
    assert.equal((await get("/api/nothing")).status, 404);
  });

  it("requires a key if the function does: its own, the host's or the master key", async () => {
    const post = (headers: Record<string, string>, query = "") =>
      emulator.call(`https://${site.host}/api/closed${query}`, { method: "POST", headers, body: "hello" });
    assert.equal((await post({})).status, 401);
    assert.equal((await post({ "x-functions-key": "wrong" })).status, 401);
    const keyUrl = `${site.id}/functions/closed/keys/caller`;
    const value = "a key of one's own";
    assert.equal((await emulator.arm("PUT", keyUrl, { properties: { name: "caller", value } })).status, 201);
    assert.equal((await post({ "x-functions-key": value })).text, "hello");
    assert.equal((await post({}, `?code=${encodeURIComponent(value)}`)).status, 200);
    const host = await emulator.arm("POST", `${site.id}/host/default/listkeys`);
    assert.equal((await post({ "x-functions-key": host.json.masterKey })).status, 200);
    assert.equal((await post({ "x-functions-key": host.json.functionKeys.default })).status, 200);
    assert.equal((await emulator.arm("DELETE", keyUrl)).status, 204);
    assert.equal((await post({ "x-functions-key": value })).status, 401);
    assert.equal((await emulator.arm("PUT", `${site.id}/functions/none/keys/k`, {})).status, 404);
  });

  it("lists the functions that the app registered", async () => {
    const { json } = await emulator.arm("GET", `${site.id}/functions`);
    const names = json.value.map((entry: { properties: { name: string } }) => entry.properties.name);
    assert.deepEqual(names.sort(), ["broken", "closed", "crash", "environment", "open"]);
  });

  it("answers 500 if the function throws, and logs the reason without any body", async () => {
    const steps: FlowStep[] = [];
    const unsubscribe = emulator.context.flow.subscribe((step) => steps.push(step));
    const done = new Promise<void>((resolve) => {
      emulator.context.flow.subscribe((step) => step.status === "failed" && resolve());
    });
    assert.equal((await get("/api/broken", { "x-ms-client-request-id": "sync-1" })).status, 500);
    await done;
    unsubscribe();
    assert.deepEqual(
      steps.map(({ name, status, parent }) => [name, status, parent]),
      [
        ["broken", "started", "sync-1"],
        ["broken", "failed", "sync-1"],
      ],
    );
    assert.match(steps[1]?.error ?? "", /on purpose/);
    const log = await readFile(join(emulator.context.folder, "logs", "one.log"), "utf8");
    assert.match(log, /called with 7/);
  });

  it("gives the app its deployed settings, what App Service adds, and nothing of the emulator's environment", async () => {
    process.env.OF_THE_EMULATOR = "must not be seen";
    const config = `${site.id}/config/appsettings`;
    const changed = { ...site.settings, GREETING: "hello" };
    assert.equal((await emulator.arm("PUT", config, { properties: changed })).status, 200);
    const seen = (await get("/api/environment")).json;
    delete process.env.OF_THE_EMULATOR;
    assert.equal(seen.GREETING, "hello");
    assert.equal(seen.WEBSITE_SITE_NAME, "one");
    const added = ["FUNCTIONS_WORKER_RUNTIME", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "NODE_EXTRA_CA_CERTS"];
    const machine = ["PATH", "HOME", "TMPDIR", "TMP", "TEMP", "USERPROFILE", "SystemRoot"];
    const known = new Set([...Object.keys(changed), ...added, ...machine]);
    assert.deepEqual(
      Object.keys(seen).filter((name) => !known.has(name) && !name.startsWith("WEBSITE_")),
      [],
    );
    const list = await emulator.arm("POST", `${config}/list`);
    assert.deepEqual(list.json.properties, changed);
    const refused = await emulator.arm("PUT", config, { properties: { WEBSITE_RUN_FROM_PACKAGE: "1" } });
    assert.match(refused.json.error.message, /WEBSITE_RUN_FROM_PACKAGE/);
  });

  it("isolates two sites", async () => {
    const other = await makeTestSite(emulator, "two");
    const source = `import { app } from "@azure/functions";
      app.http("who", { authLevel: "anonymous", handler: async () => ({ body: process.env.WEBSITE_SITE_NAME + (globalThis.x = (globalThis.x ?? 0) + 1) }) });`;
    assert.equal(
      (
        await other.publish(
          await packTestApp(source, { version: "2.0", extensions: { http: { routePrefix: "" } } }),
        )
      ).status,
      200,
    );
    assert.equal((await emulator.call(`https://${other.host}/who`)).text, "two1");
    assert.equal((await get("/api/who")).status, 404);
    const secrets = await emulator.arm("POST", `${other.id}/host/default/listkeys`);
    const foreign = { "x-functions-key": secrets.json.masterKey };
    assert.equal(
      (await emulator.call(`https://${site.host}/api/closed`, { method: "POST", headers: foreign })).status,
      401,
    );
    await emulator.arm("DELETE", other.id);
    await assert.rejects(emulator.call(`https://${other.host}/who`), /ECONNREFUSED/);
  });

  it("streams both ways if the app enables it", async () => {
    const other = await makeTestSite(emulator, "stream");
    const source = `import { app } from "@azure/functions"; import { Readable } from "node:stream";
      app.setup({ enableHttpStream: true });
      app.http("echo", { methods: ["POST"], authLevel: "anonymous", handler: async (request) => {
        let bytes = 0; for await (const chunk of request.body) bytes += chunk.length;
        return { status: 201, headers: { "x-bytes": String(bytes) }, body: Readable.from(["a".repeat(100000), "b".repeat(100000)]) };
      } });
      app.http("fail", { methods: ["POST"], authLevel: "anonymous", handler: async () => { throw new Error("no"); } });`;
    assert.equal((await other.publish(await packTestApp(source))).json.status, 4);
    const answer = await emulator.call(`https://${other.host}/api/echo`, {
      method: "POST",
      body: "z".repeat(300_000),
    });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers["x-bytes"], "300000");
    assert.equal(answer.text.length, 200_000);
    assert.equal(
      (await emulator.call(`https://${other.host}/api/fail`, { method: "POST", body: "x" })).status,
      500,
    );
    await emulator.arm("DELETE", other.id);
  });

  it("restarts after a crash", async () => {
    const crashed = new Promise<void>((resolve) => {
      emulator.context.flow.subscribe((step) => step.name === "crash" && step.error && resolve());
    });
    await assert.rejects(get("/api/crash"));
    await crashed;
    const serving = async (): Promise<number> =>
      get("/api/open/1")
        .then(
          ({ status }) => status,
          () => 0,
        )
        .then((status) => (status === 200 ? status : serving()));
    assert.equal(await serving(), 200);
    assert.ok(Number(await web.peakMemory("one")) > 10_000_000);
  });

  it("refuses packages that cannot run, and keeps the running one", async () => {
    const noZip = await site.publish(Buffer.from("no zip"));
    assert.equal(noZip.json.status, 3);
    assert.match(noZip.json.status_text, /no zip/);
    const throwing = await site.publish(await packTestApp(`throw new Error("at load");`));
    assert.equal(throwing.json.status, 3);
    assert.match(throwing.json.status_text, /at load/);
    assert.equal((await site.publish(zip)).json.status, 4);
  });

  it("accepts deployments, settings and role changes at once, and ends with the last state", async () => {
    const config = `${site.id}/config/appsettings`;
    const assignment = emulator.context.resources.get(site.roleAssignment);
    const changes: Promise<unknown>[] = [];
    let settings: Promise<unknown> = Promise.resolve();
    for (let round = 0; round < 3; round++) {
      const changed = { ...site.settings, ROUND: String(round) };
      // Settings are sent one after the other, so that the last one is known; everything else runs in parallel.
      settings = settings.then(() => emulator.arm("PUT", config, { properties: changed }));
      changes.push(site.publish(zip), settings);
      changes.push(
        emulator
          .arm("DELETE", site.roleAssignment)
          .then(() => emulator.arm("PUT", site.roleAssignment, { properties: assignment?.properties })),
      );
    }
    await Promise.all(changes);
    const until = async (): Promise<string> =>
      get("/api/environment").then(
        ({ status, json }) => (status === 200 ? json.ROUND : until()),
        () => until(),
      );
    assert.equal(await until(), "2");
    assert.equal((await site.publish(zip)).json.status, 4);
    assert.equal((await readdir(join(emulator.context.folder, "sites", "one"))).length, 1);
  });

  it("stops when its identity loses the storage role, names the role, and runs again when it is back", async () => {
    const assignment = emulator.context.resources.get(site.roleAssignment);
    assert.equal((await emulator.arm("DELETE", site.roleAssignment)).status, 200);
    const until = async (status: number): Promise<string> =>
      get("/api/open/1").then(
        (answer) => (answer.status === status ? answer.text : until(status)),
        () => until(status),
      );
    assert.match(await until(503), /blobs\/write/);
    assert.equal((await site.publish(zip)).status, 404);
    const latest = await site.ask("deployments/latest");
    assert.deepEqual([latest.json.status, latest.json.status_text], [3, ""]);
    const [{ message }] = (await site.ask("deployments/latest/log")).json;
    assert.match(message, /^InaccessibleStorageException: .* 403 /);
    assert.match(message, /storageAccounts\/blobServices\/containers\/blobs\/write/);
    await emulator.arm("PUT", site.roleAssignment, { properties: assignment?.properties });
    await until(200);
  });

  it("resolves Key Vault references with the app's identity", async () => {
    const { arm, context, group } = emulator;
    const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-references`;
    const sku = { family: "A", name: "standard" };
    const properties = { tenantId: context.tenantId, sku, enableRbacAuthorization: true };
    await arm("PUT", vault, { location: "westeurope", properties });
    await arm("PUT", `${vault}/secrets/word`, { properties: { value: "swordfish" } });
    const identity = context.resources.get(site.id)?.identity?.userAssignedIdentities ?? {};
    const [[identityId, { principalId }] = ["", {}]] = Object.entries(identity) as [
      string,
      { principalId?: string },
    ][];
    await arm("PATCH", site.id, { properties: { keyVaultReferenceIdentity: identityId } });
    const reference = "@Microsoft.KeyVault(VaultName=kv-references;SecretName=word)";
    const settings = { properties: { ...site.settings, WORD: reference } };
    await arm("PUT", `${site.id}/config/appsettings`, settings);
    assert.equal((await get("/api/environment")).json.WORD, reference);
    const role = `/subscriptions/${context.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`;
    await arm("PUT", `${vault}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`, {
      properties: { principalId, roleDefinitionId: role },
    });
    await arm("POST", `${site.id}/restart`);
    assert.equal((await get("/api/environment")).json.WORD, "swordfish");
  });

  it("reports telemetry that is dropped because of a missing role, and continues to serve", async () => {
    const { arm, context, group } = emulator;
    const id = `${group}/providers/Microsoft.Insights/components/insights`;
    const properties = { Application_Type: "web" };
    const component = await arm("PUT", id, { location: "westeurope", kind: "web", properties });
    const reported = new Promise<FlowStep>((resolve) => {
      context.flow.subscribe((step) => step.name === "telemetry" && resolve(step));
    });
    const telemetry = {
      APPLICATIONINSIGHTS_CONNECTION_STRING: component.json.properties.ConnectionString,
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${site.settings.AzureWebJobsStorage__clientId};Authorization=AAD`,
    };
    await arm("PUT", `${site.id}/config/appsettings`, { properties: { ...site.settings, ...telemetry } });
    assert.match((await reported).error ?? "", /Microsoft\.Insights\/Telemetry\/Write/);
    assert.equal((await get("/api/open/1")).status, 200);
  });

  it("refuses a publisher without the action", async () => {
    const stranger = emulator.context.principals.ofResource(site.id, "stranger");
    const { token } = emulator.context.tokens.issue(stranger, "https://management.azure.com/");
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/zip" };
    const answer = await emulator.call(`https://${site.scm}/api/publish?type=zip`, {
      method: "POST",
      headers,
      body: zip,
    });
    assert.equal(answer.status, 403);
    assert.match(answer.json.error.message, /sites\/publish\/Action/);
  });
});

describe("functions host with a function that does not end", () => {
  const LIMIT_MS = 3000;
  const app = `
    import { app } from "@azure/functions";
    app.http("loop", { methods: ["GET"], authLevel: "anonymous", handler: async () => { for (;;); } });
    app.http("wait", { methods: ["GET"], authLevel: "anonymous", handler: () => new Promise(() => {}) });
    app.http("fine", { methods: ["GET"], authLevel: "anonymous", handler: async () => ({ body: String(process.pid) }) });`;
  let emulator: TestEmulator;
  let site: TestSite;
  const get = (name: string) => emulator.call(`https://${site.host}/api/${name}`);

  before(async () => {
    emulator = await startTestEmulator((context) => [
      createStorageService(context),
      createPassiveService(context),
      createWebService(context, LIMIT_MS),
    ]);
    site = await makeTestSite(emulator, "endless");
    assert.equal((await site.publish(await packTestApp(app))).json.status, 4);
  });
  after(() => emulator.stop());

  it("cuts off the response if the function waits, and continues to serve in the same process", async () => {
    const { text } = await get("fine");
    assert.equal((await get("wait")).status, 504);
    assert.equal((await get("fine")).text, text);
  });

  it("kills the process if the function never yields, reports that, and restarts it", async () => {
    const { text: pid } = await get("fine");
    const crashed = new Promise<string>((resolve) => {
      emulator.context.flow.subscribe((step) => step.name === "crash" && resolve(step.error ?? ""));
    });
    await assert.rejects(get("loop"));
    assert.match(await crashed, /it did not yield for 3 s/);
    const again = async (): Promise<string> =>
      get("fine").then(
        ({ status, text }) => (status === 200 ? text : again()),
        () => again(),
      );
    assert.notEqual(await again(), pid);
  });
});
