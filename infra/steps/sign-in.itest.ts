import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest, CreateRequest, type CreateResponse } from "@pulumi/pulumi/proto/provider_pb";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type FakeCloud, startFakeCloud, TENANT } from "../testing/fake-cloud";
import { runWithMocks } from "../testing/mock-cloud";
import { Step } from "./step";

const root = join(__dirname, "..", "..");
const secretMark = { [specialSigKey]: specialSecretSig };

/** Pulumi's own provider process, configured over its own protocol as the engine does it. */
describe("a step in Pulumi's provider process", () => {
  let cloud: FakeCloud;
  let folder: string;
  let child: ChildProcess;
  let client: ResourceProviderClient;
  let text: string;
  before(async () => {
    cloud = await startFakeCloud();
    folder = mkdtempSync(join(tmpdir(), "qt-sign-in-"));
    writeFileSync(join(folder, "ca.pem"), cloud.certificate);
    const { registrations } = await runWithMocks(async () => {
      new Step("address", "webhook-uri", { accountId: "/account", expiry: "2027-12-31" });
      return {};
    }, {});
    text = String(registrations[0]?.request.getObject()?.toJavaScript().__provider);
    const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    child = spawn(process.execPath, [script, "127.0.0.1:0"], {
      cwd: root,
      env: {
        ...process.env,
        QT_PROJECT_ROOT: root,
        QT_SIGN_IN: "",
        NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
        ARM_METADATA_HOSTNAME: cloud.host,
        ARM_TENANT_ID: TENANT,
        ARM_CLIENT_ID: "of-the-environment",
        ARM_CLIENT_SECRET: "",
        ARM_USE_OIDC: "",
        ARM_USE_MSI: "",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout ?? assert.fail() });
    const port = await new Promise<string>((resolve) => lines.once("line", resolve));
    client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  });
  after(async () => {
    client?.close();
    child?.kill();
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  it("signs in by the stack's settings, of which no state holds one", async () => {
    const settings = {
      "azure-native:clientId": "of-the-stack",
      "azure-native:clientSecret": { ...secretMark, value: "the-stack's-secret" },
    };
    const configured = new ConfigureRequest().setArgs(Struct.fromJavaScript(settings));
    await new Promise<void>((resolve, reject) => {
      client.configure(configured, (error) => (error ? reject(error) : resolve()));
    });
    const inputs = { accountId: "/account", expiry: "2027-12-31" };
    const properties = Struct.fromJavaScript({ __provider: text, step: "webhook-uri", inputs });
    const created = await new Promise<CreateResponse>((resolve, reject) => {
      client.create(new CreateRequest().setProperties(properties), (error, reply) =>
        error ? reject(error) : resolve(reply),
      );
    });
    const form = cloud.seen.find(({ url }) => url.includes("/oauth2/v2.0/token"))?.body;
    const asked = new URLSearchParams(form);
    assert.deepEqual(
      [asked.get("client_id"), asked.get("client_secret")],
      ["of-the-stack", "the-stack's-secret"],
    );
    const state = JSON.stringify(created.getProperties()?.toJavaScript());
    assert.match(state, /minted-/);
    assert.ok(!state.includes("the-stack's-secret"));
  });
});
