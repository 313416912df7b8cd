import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { skip } from "../../packages/kit/testing/skip";
import { type FakeCloud, startFakeCloud, TENANT } from "../testing/fake-cloud";
import { Step } from "./step";

const root = join(__dirname, "..", "..");

describe("a step in the real engine", () => {
  let folder: string;
  let cloud: FakeCloud;
  let stack: Stack;
  let expiry = "2027-12-31";
  const program = async () => {
    const minted = new Step("webhook-uri", "webhook-uri", {
      accountId: "/account",
      expiry: pulumi.secret(expiry),
    });
    return { name: minted.result.name, url: minted.secret.uri };
  };
  const state = () => readFileSync(join(folder, ".pulumi/stacks/quantemplate/dev.json"), "utf8");

  before(async function () {
    if (!hasPulumi()) {
      skip(this, "there is no Pulumi CLI on the PATH");
    }
    cloud = await startFakeCloud();
    folder = mkdtempSync(join(tmpdir(), "qt-step-"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "ca.pem"), cloud.certificate);
    stack = await LocalWorkspace.createOrSelectStack(
      { projectName: "quantemplate", stackName: "dev", program },
      { workDir: folder, envVars: environment(folder, cloud) },
    );
  });
  after(async () => {
    if (folder === undefined) return;
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  it("runs the checkout's code in Pulumi's provider process and keeps its secret", async () => {
    const { outputs, summary } = await stack.up();
    assert.equal(summary.result, "succeeded");
    assert.match(String(outputs.name?.value), /^dataset-updated-[0-9a-f]{8}$/);
    assert.equal(outputs.name?.secret, false);
    assert.match(String(outputs.url?.value), /token=minted-/);
    assert.equal(outputs.url?.secret, true);
    assert.ok(!state().includes("token=minted-"), "the URI is in the state in plain text");
    assert.ok(!state().includes('2027-12-31"'), "a secret input is in the state in plain text");
  });

  it("shows no change in a second preview, and mints nothing in a second up", async () => {
    assert.deepEqual((await stack.preview()).changeSummary, { same: 2 });
    const minted = () => cloud.seen.filter(({ url }) => url.includes("generateUri")).length;
    const before = minted();
    await stack.up();
    assert.equal(minted(), before);
  });

  it("is replaced if an input changes that it cannot change in place", async () => {
    expiry = "2028-12-31";
    assert.deepEqual((await stack.preview()).changeSummary, { replace: 1, same: 1 });
  });

  it("fails with the code and the next command, without a secret", async () => {
    const failing = await LocalWorkspace.createOrSelectStack(
      { projectName: "quantemplate", stackName: "dev", program },
      { workDir: folder, envVars: { ...environment(folder, cloud), ARM_TENANT_ID: "" } },
    );
    await assert.rejects(failing.up(), (error: unknown) => {
      assert.match(String(error), /QT1204[\s\S]*ARM_TENANT_ID[\s\S]*Next: /);
      assert.ok(!String(error).includes("its-secret"));
      return true;
    });
  });

  it("fails already in a preview if the database would refuse the new inputs", async () => {
    const inputs = (checksum: string) => ({
      serverId: "/server",
      server: "server",
      database: "db",
      files: { "migrations/0001-a.sql": checksum },
      datasets: [],
      unknownDatasets: "ignore" as const,
      users: [],
    });
    let checksum = "a";
    expiry = "2027-12-31";
    const migrating = await LocalWorkspace.createOrSelectStack(
      {
        projectName: "quantemplate",
        stackName: "dev",
        program: async () => {
          await program();
          new Step("migration", "database-migration", inputs(checksum));
        },
      },
      { workDir: folder, envVars: environment(folder, cloud) },
    );
    // Pretend that the migration has run: there is no database here.
    const exported = await migrating.exportStack();
    const { resources } = exported.deployment as { resources: Record<string, unknown>[] };
    const minted = resources.find(({ type }) => String(type).endsWith(":webhook-uri"));
    assert.ok(minted);
    const rename = (text: unknown) => String(text).replace(/webhook-uri/g, "database-migration");
    const urn = rename(minted.urn).replace(/::[^:]*$/, "::migration");
    const state = {
      __provider: (minted.inputs as Record<string, unknown>).__provider,
      step: "database-migration",
      inputs: inputs("a"),
    };
    const migration = { ...minted, urn, type: rename(minted.type), id: "m-1", inputs: state, outputs: state };
    await migrating.importStack({
      ...exported,
      deployment: { ...(exported.deployment as object), resources: [...resources, migration] },
    });
    assert.deepEqual((await migrating.preview()).changeSummary, { same: 3 });
    checksum = "b";
    await assert.rejects(
      migrating.preview(),
      /QT4040: Migration migrations\/0001-a\.sql changed[\s\S]*Next: Restore/,
    );
    await migrating.importStack(exported);
  });

  it("signs in by the stack's settings, of which another value changes no step and none is in the state", async () => {
    const set = (secret: string) =>
      stack.setAllConfig({
        "azure-native:clientId": { value: "of-the-stack" },
        "azure-native:clientSecret": { value: secret, secret: true },
      });
    await set("rotated-before");
    assert.deepEqual((await stack.preview()).changeSummary, { same: 2 });
    await set("rotated-secret");
    expiry = "2029-12-31";
    await stack.up();
    const form = cloud.seen.findLast(({ url }) => url.includes("/oauth2/v2.0/token"))?.body;
    const asked = new URLSearchParams(form);
    assert.deepEqual(
      [asked.get("client_id"), asked.get("client_secret")],
      ["of-the-stack", "rotated-secret"],
    );
    assert.ok(!/rotated-/.test(state()));
    await stack.removeAllConfig(["azure-native:clientId", "azure-native:clientSecret"]);
  });

  it("is destroyed", async () => {
    await stack.destroy();
    assert.ok(!state().includes("webhook-uri"));
  });
});

function hasPulumi(): boolean {
  try {
    execFileSync("pulumi", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The environment of the engine and of its provider process. */
function environment(folder: string, cloud: FakeCloud): Record<string, string> {
  return {
    // Pulumi finds the provider of dynamic resources on the PATH, and that provider finds its Node there.
    PATH: [dirname(process.execPath), join(root, "node_modules/@pulumi/pulumi"), process.env.PATH ?? ""].join(
      delimiter,
    ),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    QT_PROJECT_ROOT: root,
    NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
    ARM_METADATA_HOSTNAME: cloud.host,
    ARM_TENANT_ID: TENANT,
    ARM_CLIENT_ID: "deployer",
    ARM_CLIENT_SECRET: "its-secret",
  };
}
