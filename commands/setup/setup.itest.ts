import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { ClientAssertionCredential } from "@azure/identity";
import { stableGuid } from "../../infra/naming";
import { roleNames } from "../../infra/roles/role-files";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../packages/azure-emulator/control-plane/testing/test-emulator";
import { createKeyVaultService } from "../../packages/azure-emulator/services/key-vault";
import { createStorageService } from "../../packages/azure-emulator/services/storage";
import { openDoor } from "./door";
import { planOf } from "./plan";
import { runSetup, type SetupRun } from "./run-setup";
import { neededProviders } from "./steps/resource-providers";
import { roleTitle } from "./steps/role-definitions";
import { subjectPrefix } from "./subjects";
import { type FakeGitHub, startFakeGitHub } from "./testing/fake-git-hub";
import { RequestFixture } from "./testing/request-fixture";
import { tryAs } from "./try-identities";

const PREFIX = "repo:acme@5544123/fleet@821093847";
const FIXTURE = join(__dirname, "testing", "requests.md");

describe("npm run setup", () => {
  let emulator: TestEmulator;
  let gitHub: FakeGitHub;
  let trusted: string[];
  let root: string;
  let printed: string[];
  beforeEach(async () => {
    emulator = await startTestEmulator(
      (context) => [createKeyVaultService(context), createStorageService(context)],
      undefined,
      [],
      { unregisteredProviders: ["Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.Sql"] },
    );
    gitHub = await startFakeGitHub(PREFIX);
    trusted = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...trusted, emulator.context.certificates.ca]);
    root = mkdtempSync(join(tmpdir(), "qt-setup-"));
    writeFileSync(
      join(root, "Pulumi.yaml"),
      "name: quantemplate\nruntime: nodejs\n# kept\nconfig:\n  azure-native:location: westeurope\n",
    );
    printed = [];
  });
  afterEach(async () => {
    tls.setDefaultCACertificates(trusted);
    gitHub.close();
    rmSync(root, { recursive: true, force: true });
    await emulator.stop();
  });

  const env = () => {
    const { deployer } = emulator.context.principals;
    return {
      ARM_CLIENT_ID: deployer.clientId,
      ARM_CLIENT_SECRET: deployer.secret,
      ARM_TENANT_ID: emulator.context.tenantId,
      ARM_METADATA_HOSTNAME: new URL(emulator.context.httpsUrl).host,
    };
  };
  const run = (
    makes: boolean,
    more: Partial<SetupRun> & { onRequest?: SetupRun["door"]["onRequest"] } = {},
  ): SetupRun => ({
    root,
    makes,
    json: false,
    plan: {
      tenantId: emulator.context.tenantId,
      subscriptionId: emulator.context.subscriptionId,
      location: "westeurope",
      prefix: "quantemplate",
      gitHub: { owner: "acme", name: "fleet", server: gitHub.server },
    },
    door: {
      env: env(),
      gitHub: { api: `${gitHub.server}/api/v3`, token: "gh-token" },
      pause: async () => {},
      ...(more.onRequest && { onRequest: more.onRequest }),
    },
    print: (line) => void printed.push(line),
    ...more,
  });
  const states = (results: Awaited<ReturnType<typeof runSetup>>) => [
    ...new Set(results.map(({ state }) => state)),
  ];

  it("changes nothing without --yes, and says of each step what it makes, takes and costs, and its command", async () => {
    const methods = new Set<string>();
    const results = await runSetup(run(false, { onRequest: ({ method }) => methods.add(method) }));
    assert.deepEqual([...methods], ["GET"]);
    assert.deepEqual(states(results), ["missing"]);
    for (const { commands, step } of results) assert.ok(commands.length > 0, step);
    const text = printed.join("\n");
    for (const { step } of results) assert.match(text, new RegExp(`✗ ${step}: missing `));
    assert.match(text, /az provider register --namespace Microsoft\.Sql --wait/);
    assert.equal(text.match(/^ {4}(makes|right|cost) /gm)?.length, 3 * results.length);
    assert.match(
      readFileSync(join(root, "Pulumi.yaml"), "utf8"),
      /^name: quantemplate\nruntime: nodejs\n# kept\n/,
    );
  });

  it("makes everything, so that each environment's jobs can do their work; a second run finds it all", async () => {
    const fixture = new RequestFixture();
    const made = await runSetup(
      run(true, { onStep: (title) => fixture.step(title), onRequest: (request) => fixture.note(request) }),
    );
    assert.deepEqual(states(made), ["made"]);
    assert.deepEqual(
      printed.filter((line) => line.startsWith("✗")),
      [],
    );

    const yaml = readFileSync(join(root, "Pulumi.yaml"), "utf8");
    assert.match(yaml, /^# kept$/m);
    assert.match(yaml, /^backend:\n {2}url: azblob:\/\/state\?storage_account=stquantemplate\w{8}$/m);
    assert.deepEqual(Object.fromEntries(gitHub.environments), {
      canary: ["main"],
      general: ["main"],
      preview: undefined,
      drift: ["main"],
    });
    assert.equal(gitHub.variables.get("/actions/variables/PULUMI_BACKEND_URL"), /url: (.*)/.exec(yaml)?.[1]);
    const key = printed
      .map((line) => /--secrets-provider (azurekeyvault:\/\/\S+)$/.exec(line)?.[1])
      .find(Boolean);
    assert.match(key ?? "", /\/keys\/pulumi\/[0-9a-f]{32}$/);

    await asJobs();

    const again = await runSetup(run(true));
    assert.deepEqual(states(again), ["there"]);
    compareFixture(fixture);
  });

  /** A job of each environment signs in with its own token, and none as another. */
  async function asJobs(): Promise<void> {
    const { plan: options, door: doorOptions } = run(false);
    const plan = planOf(options);
    const door = await openDoor(doorOptions);
    const clientOf = (name: string) =>
      gitHub.variables.get(
        name === "preview"
          ? "/actions/variables/AZURE_PREVIEW_CLIENT_ID"
          : `/environments/${name}/variables/AZURE_CLIENT_ID`,
      ) ?? "";
    const credential = (client: string, environment: string) =>
      new ClientAssertionCredential(
        plan.tenantId,
        client,
        () => gitHub.token(`${PREFIX}:environment:${environment}`),
        { authorityHost: emulator.context.httpsUrl, disableInstanceDiscovery: true },
      );
    for (const identity of plan.identities)
      for (const environment of identity.environments) {
        const signedIn = credential(clientOf(identity.name), environment);
        const token = await signedIn.getToken("https://management.azure.com/.default");
        assert.ok(token, environment);
      }
    await assert.rejects(
      credential(clientOf("canary"), "preview").getToken("https://management.azure.com/.default"),
      /AADSTS700213/,
    );
    // Who reads may not change the state, and may not deploy.
    const reader = door.as(credential(clientOf("preview"), "preview"));
    await assert.rejects(
      reader.arm("PUT", `/subscriptions/${plan.subscriptionId}/resourceGroups/x`, "2024-03-01", {
        location: "westeurope",
      }),
      /403/,
    );
    const failed = await tryAs(
      {
        plan,
        door,
        root,
        found: {
          identities: new Map(),
          roles: new Map(),
          keyId: "https://127.0.0.1:1/keys/none",
          blobUrl: "https://127.0.0.1:1/",
        },
      },
      reader,
      "reader",
    );
    assert.deepEqual(
      failed.map(({ failure }) => failure === undefined),
      [true, false, false],
    );
  }

  /** `QT_WRITE_FIXTURE=1` writes it. */
  function compareFixture(fixture: RequestFixture): void {
    const { context } = emulator;
    const { resources, directory } = context;
    const names = new Map<string, string>([
      [gitHub.server, "https://github.example.com"],
      [`${context.httpsUrl}/graph`, "https://graph.microsoft.com"],
      [context.httpsUrl, "https://management.azure.com"],
      [context.subscriptionId, "{subscription}"],
      [context.tenantId, "{tenant}"],
      [context.principals.deployer.objectId, "{you}"],
    ]);
    for (const { id, appId, displayName } of directory.now.applications) {
      names.set(id, `{object id of the app ${displayName}}`);
      names.set(appId, `{client id of ${displayName}}`);
    }
    for (const { id, displayName } of directory.now.servicePrincipals)
      names.set(id, `{object id of ${displayName}}`);
    for (const name of [...roleNames, "pipeline-starter"] as const)
      names.set(
        stableGuid("role", name, `/subscriptions/${context.subscriptionId}`),
        `{guid of ${roleTitle(name)}}`,
      );
    for (const { id, displayName } of directory.now.groups) names.set(id, `{object id of ${displayName}}`);
    const [account] = resources.list({ type: "Microsoft.Storage/storageAccounts" });
    const [vault] = resources.list({ type: "Microsoft.KeyVault/vaults" });
    assert.ok(account && vault);
    const blob = (account.properties.primaryEndpoints as { readonly blob: string }).blob;
    names.set(blob, "https://{account}.blob.core.windows.net/");
    names.set(String(vault.properties.vaultUri), "https://{vault}.vault.azure.net/");
    names.set(account.name, "{account}");
    names.set(vault.name, "{vault}");
    const text = fixture
      .text(names)
      .replace(/\/keys\/pulumi\/[0-9a-f]{32}/g, "/keys/pulumi/{version}")
      .replaceAll(/"endDateTime": "2[^"]+"/g, '"endDateTime": "{in a quarter of an hour}"')
      .replaceAll(/"keyId": "[^"]+"/g, '"keyId": "{id of the secret}"')
      .replaceAll(/federatedIdentityCredentials\/[0-9a-f-]{36}/g, "federatedIdentityCredentials/{id}")
      .replaceAll(/"actions": \[[^\]]+\]/g, '"actions": ["{those of the file in infra/roles}"]')
      .replaceAll(/roleAssignments\/[0-9a-f-]{36}/g, "roleAssignments/{guid}");
    if (process.env.QT_WRITE_FIXTURE) writeFileSync(FIXTURE, text);
    assert.equal(text, readFileSync(FIXTURE, "utf8"));
  }

  it("registers every provider of which the deployer's role names an action", async () => {
    await runSetup(run(true));
    for (const name of neededProviders()) assert.ok(emulator.context.providers.registered(name), name);
  });

  it("finds roles and assignments that a team made itself, under ids of its own", async () => {
    await runSetup(run(true));
    const scope = `/subscriptions/${emulator.context.subscriptionId}`;
    const path = `${scope}/providers/Microsoft.Authorization`;
    const { value } = (
      await emulator.arm("GET", `${path}/roleDefinitions?$filter=roleName eq 'Quantemplate drift'`)
    ).json;
    const [drift] = value as { name: string; properties: object }[];
    assert.ok(drift);
    const { value: given } = (await emulator.arm("GET", `${path}/roleAssignments`)).json as {
      value: { id: string; properties: { roleDefinitionId: string; principalId: string } }[];
    };
    const assignment = given.find(({ properties }) => properties.roleDefinitionId.endsWith(drift.name));
    assert.ok(assignment);
    await emulator.arm("DELETE", assignment.id);
    await emulator.arm("DELETE", `${path}/roleDefinitions/${drift.name}`);
    const own = "11111111-2222-4333-8444-555555555555";
    const made = await emulator.arm("PUT", `${path}/roleDefinitions/${own}`, {
      properties: drift.properties,
    });
    assert.ok(made.status < 300, made.text);
    const { principalId } = assignment.properties;
    const properties = {
      roleDefinitionId: `${path}/roleDefinitions/${own}`,
      principalId,
      principalType: "ServicePrincipal",
    };
    assert.ok((await emulator.arm("PUT", `${path}/roleAssignments/${own}`, { properties })).status < 300);
    const sent: string[] = [];
    const again = await runSetup(run(false, { onRequest: ({ method }) => sent.push(method) }));
    assert.deepEqual(states(again), ["there"]);
    assert.deepEqual([...new Set(sent)], ["GET"]);
  });

  it("refuses a repository whose tokens have a subject of its own", async () => {
    const door = {
      gitHub: async () => ({
        use_default: false,
        include_claim_keys: ["repository_owner_id", "job_workflow_ref"],
      }),
    };
    const repository = { owner: "acme", name: "fleet", server: "https://github.com" };
    await assert.rejects(subjectPrefix({ door } as never, repository), { code: "QT9034" });
  });

  it("trusts the older form of subjects if the server says no other", async () => {
    gitHub.close();
    gitHub = await startFakeGitHub(undefined);
    await runSetup(run(true));
    const subjects = emulator.context.directory.now.applications.flatMap(({ federated }) =>
      federated.map(({ subject }) => subject),
    );
    assert.deepEqual(
      subjects.sort(),
      ["canary", "drift", "general", "preview"].map((name) => `repo:acme/fleet:environment:${name}`),
    );
  });
});
