import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type FakeCloud, startTrustedCloud, TENANT } from "../../infra/testing/fake-cloud";
import { temporaryFolder } from "../../packages/kit/testing/temporary-folder";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { cloudTarget } from "./load-target";

describe("a stack in Azure, to load into", () => {
  const folder = temporaryFolder();
  let cloud: FakeCloud;
  before(async () => {
    cloud = await startTrustedCloud();
  });
  after(() => cloud.close());

  /** Starts a load with a fake CLI. @returns who asked for a token, and the CLI's calls */
  async function load(secret: { readonly value?: string; readonly secret: boolean }) {
    const plain = (value: string) => ({ value, secret: false });
    const config = {
      "azure-native:metadataHost": plain(cloud.host),
      "azure-native:tenantId": plain(TENANT),
      "azure-native:clientId": plain("of-the-stack"),
      "azure-native:clientSecret": secret,
      "quantemplate:clientSecret": { secret: true },
    };
    const shown = { ...config, "azure-native:clientSecret": { ...secret, value: "decrypted" } };
    const outputs = { dataFactoryId: "/f", pipelineName: "p", sqlServer: "s", sqlDatabase: "d" };
    for (const [name, content] of Object.entries({ config, shown, outputs }))
      writeFileSync(join(folder(), name), JSON.stringify(content));
    const script = `#!/bin/sh
cd '${folder()}'
echo "$@" >> calls
case "$*" in *--show-secrets*) cat shown;; config*) cat config;; *) cat outputs;; esac
`;
    writeFileSync(join(folder(), "pulumi"), script, { mode: 0o755 });
    const env = { PATH: `${folder()}${delimiter}${process.env.PATH}`, ARM_CLIENT_ID: "of-the-environment" };
    await withEnvironment(env, async () => {
      const target = await cloudTarget("dev");
      await target.call("POST", "/pipelines/p/createRun");
    });
    const form = cloud.seen.findLast(({ url }) => url.includes("/oauth2/v2.0/token"))?.body;
    const asked = new URLSearchParams(form);
    const calls = readFileSync(join(folder(), "calls"), "utf8").trim().split("\n");
    return { client: asked.get("client_id"), secret: asked.get("client_secret"), calls };
  }

  it("is signed in to as its settings say, before the environment, as a deployment is", async function () {
    if (process.platform === "win32") this.skip();
    const { client, secret, calls } = await load({ value: "plain", secret: false });
    assert.deepEqual([client, secret], ["of-the-stack", "plain"]);
    assert.ok(!calls.some((call) => call.includes("--show-secrets")), "no secret is needed");
  });

  it("is decrypted only if the sign-in has a secret", async function () {
    if (process.platform === "win32") this.skip();
    const { secret, calls } = await load({ secret: true });
    assert.equal(secret, "decrypted");
    assert.ok(calls.includes("config --json --show-secrets --stack dev"), calls.join("; "));
  });
});
