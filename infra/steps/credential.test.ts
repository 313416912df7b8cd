import assert from "node:assert/strict";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { type FakeArm, startFakeArm } from "../testing/fake-arm";
import { publicCloud } from "./cloud";
import { createCredential } from "./credential";

describe("the deployer's credential", () => {
  const application = { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "deployer" };

  for (const [what, env, kind] of [
    [
      "a secret before all others",
      { ARM_CLIENT_SECRET: "s", ARM_USE_OIDC: "true", ARM_USE_MSI: "true" },
      "ClientSecretCredential",
    ],
    [
      "OpenID Connect before the machine",
      { ARM_USE_OIDC: "true", ARM_USE_MSI: "true" },
      "ClientAssertionCredential",
    ],
    ["OpenID Connect, written as 1", { ARM_USE_OIDC: "1" }, "ClientAssertionCredential"],
    ["the machine's identity", { ARM_USE_OIDC: "false", ARM_USE_MSI: "true" }, "ManagedIdentityCredential"],
    ["the Azure CLI's user if nothing is chosen", {}, "AzureCliCredential"],
    [
      "the Azure CLI's user if all else is off",
      { ARM_USE_OIDC: "0", ARM_USE_MSI: "false", ARM_CLIENT_SECRET: "" },
      "AzureCliCredential",
    ],
  ] as const) {
    it(`is ${what}`, async () => {
      const credential = await createCredential({ ...application, ...env }, publicCloud);
      assert.equal(credential.constructor.name, kind);
    });
  }

  it("names the variable that is missing, and no other", async () => {
    for (const env of [{ ARM_CLIENT_SECRET: "s" }, { ARM_USE_OIDC: "true" }])
      for (const missing of ["ARM_TENANT_ID", "ARM_CLIENT_ID"])
        await assert.rejects(
          createCredential({ ...application, ...env, [missing]: undefined }, publicCloud),
          {
            code: "QT1204",
            details: { missing },
          },
        );
  });

  it("keeps the Azure CLI to the tenant, if there is one", async () => {
    for (const tenant of ["tenant-1", undefined]) {
      const credential = await createCredential({ ARM_TENANT_ID: tenant }, publicCloud);
      assert.equal(Reflect.get(credential, "tenantId"), tenant);
    }
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
