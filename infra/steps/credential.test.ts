import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { temporaryFolder } from "../../packages/kit/testing/temporary-folder";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { type FakeArm, startFakeArm } from "../testing/fake-arm";
import { publicCloud } from "./cloud";
import { createCredential, refuseUnknownWay } from "./credential";

describe("the deployer's credential", () => {
  const application = { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "deployer" };

  for (const [what, env, kind] of [
    [
      "the SDK's default before all others",
      {
        ARM_USE_DEFAULT_AZURE_CREDENTIAL: "true",
        ARM_CLIENT_CERTIFICATE_PATH: "client.pem",
        ARM_CLIENT_SECRET: "s",
      },
      "DefaultAzureCredential",
    ],
    [
      "a certificate before a secret",
      { ARM_CLIENT_CERTIFICATE_PATH: "client.pem", ARM_CLIENT_SECRET: "s" },
      "ClientCertificateCredential",
    ],
    [
      "a secret before OpenID Connect",
      { ARM_CLIENT_SECRET: "s", ARM_USE_OIDC: "true", ARM_USE_MSI: "true" },
      "ClientSecretCredential",
    ],
    [
      "OpenID Connect before the machine",
      { ARM_USE_OIDC: "true", ARM_USE_MSI: "true" },
      "ClientAssertionCredential",
    ],
    ["the machine's identity", { ARM_USE_OIDC: "false", ARM_USE_MSI: "true" }, "ManagedIdentityCredential"],
    ["the Azure CLI's user if nothing is chosen", {}, "AzureCliCredential"],
    [
      "the Azure CLI's user if all else is off",
      {
        ARM_USE_OIDC: "0",
        ARM_USE_MSI: "false",
        ARM_CLIENT_SECRET: "",
        ARM_CLIENT_CERTIFICATE_PATH: "",
        ARM_USE_DEFAULT_AZURE_CREDENTIAL: "false",
      },
      "AzureCliCredential",
    ],
    [
      "the Azure CLI's user if a way is chosen by a word that azure-native does not take",
      { ARM_USE_OIDC: "1", ARM_USE_MSI: "1", ARM_USE_DEFAULT_AZURE_CREDENTIAL: "1" },
      "AzureCliCredential",
    ],
  ] as const) {
    it(`is ${what}`, async () => {
      const credential = await createCredential({ ...application, ...env }, publicCloud);
      assert.equal(credential.constructor.name, kind);
    });
  }

  it("names the variable that is missing, and no other", async () => {
    for (const env of [
      { ARM_CLIENT_SECRET: "s" },
      { ARM_USE_OIDC: "true" },
      { ARM_CLIENT_CERTIFICATE_PATH: "client.pem" },
    ])
      for (const missing of ["ARM_TENANT_ID", "ARM_CLIENT_ID"])
        await assert.rejects(
          createCredential({ ...application, ...env, [missing]: undefined }, publicCloud),
          {
            code: "QT1204",
            details: { missing },
          },
        );
  });

  describe("of the Azure CLI", () => {
    const folder = temporaryFolder();
    for (const [what, env, asked] of [
      [
        "the subscription, which knows its tenant: az refuses both",
        { ARM_SUBSCRIPTION_ID: "sub-1", ARM_TENANT_ID: "tenant-1" },
        "--subscription sub-1",
      ],
      ["the tenant, if no subscription is named", { ARM_TENANT_ID: "tenant-1" }, "--tenant tenant-1"],
      ["what az has as its default", {}, ""],
    ] as const) {
      it(`is of ${what}`, async function () {
        if (process.platform === "win32") this.skip();
        const call = join(folder(), "call");
        const az = join(folder(), "az");
        const answer = '{"accessToken":"of-az","expires_on":4102444800}';
        writeFileSync(az, `#!/bin/sh\necho "$@" > '${call}'\necho '${answer}'\n`);
        chmodSync(az, 0o755);
        await withEnvironment({ PATH: `${folder()}${delimiter}${process.env.PATH}` }, async () => {
          const credential = await createCredential(env, publicCloud);
          assert.equal((await credential.getToken("https://arm.test/.default"))?.token, "of-az");
        });
        const common = "account get-access-token --output json --resource https://arm.test";
        assert.equal(readFileSync(call, "utf8").trim(), `${common} ${asked}`.trim());
      });
    }
  });

  describe("with a certificate", () => {
    const folder = temporaryFolder();
    const refusal = (certificate: string | Buffer, env: Record<string, string> = {}) => {
      const file = join(folder(), "certificate");
      writeFileSync(file, certificate);
      return () => refuseUnknownWay({ ARM_CLIENT_CERTIFICATE_PATH: file, ...env });
    };
    const pem = "-----BEGIN CERTIFICATE-----\n";
    const pkcs12 = Buffer.from("3082", "hex");

    it("is refused if azure-native takes the file and steps do not: PKCS#12, which alone has a password", () => {
      assert.throws(refusal(pkcs12), { code: "QT1212", message: /azure-native.*PKCS#12.*steps.*PEM/ });
      assert.throws(refusal(pem, { ARM_CLIENT_CERTIFICATE_PASSWORD: "p" }), { code: "QT1212" });
    });

    it("is refused without a preview too, such as when a stack is destroyed", async () => {
      const file = join(folder(), "certificate");
      writeFileSync(file, pkcs12);
      const env = { ...application, ARM_CLIENT_CERTIFICATE_PATH: file };
      await assert.rejects(createCredential(env, publicCloud), { code: "QT1212" });
    });

    it("is not refused as PEM, nor if another way comes first", () => {
      assert.doesNotThrow(refusal(`Bag Attributes\n${pem}`));
      assert.doesNotThrow(refusal(pem, { ARM_CLIENT_CERTIFICATE_PASSWORD: "" }));
      assert.doesNotThrow(refusal(pkcs12, { ARM_USE_DEFAULT_AZURE_CREDENTIAL: "true" }));
      assert.doesNotThrow(() => refuseUnknownWay({ ARM_CLIENT_SECRET: "s" }));
    });

    it("leaves a file that nobody can read to azure-native, which says so", () => {
      const missing = join(folder(), "missing");
      assert.doesNotThrow(() => refuseUnknownWay({ ARM_CLIENT_CERTIFICATE_PATH: missing }));
    });
  });

  describe("of a machine", () => {
    let machine: FakeArm;
    // One server for all: the library keeps the first endpoint that it finds.
    before(async () => {
      machine = await startFakeArm(() => ({
        json: {
          access_token: "issued",
          expires_on: `${Math.floor(Date.now() / 1000) + 3600}`,
          resource: "r",
          token_type: "Bearer",
        },
      }));
    });
    after(() => machine.close());

    for (const client of ["identity-1", undefined]) {
      it(`is ${client === undefined ? "the machine's only identity" : "the identity that is named"}`, async () => {
        const endpoint = { IDENTITY_ENDPOINT: `${machine.url}/token`, IDENTITY_HEADER: "header" };
        await withEnvironment(endpoint, async () => {
          const env = { ARM_USE_MSI: "true", ARM_CLIENT_ID: client };
          const credential = await createCredential(env, publicCloud);
          const issued = await credential.getToken(`https://${client ?? "any"}.test/.default`);
          assert.equal(issued?.token, "issued");
        });
        const { searchParams } = new URL(machine.calls.at(-1)?.url ?? "", machine.url);
        assert.equal(searchParams.get("client_id"), client ?? null);
      });
    }
  });
});
