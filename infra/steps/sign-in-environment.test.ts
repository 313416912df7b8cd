import assert from "node:assert/strict";
import { signInEnvironment } from "./sign-in-environment";

const configOf = (settings: Readonly<Record<string, string>>) => ({
  get: (key: string) => settings[key],
});

describe("the environment in which steps sign in", () => {
  for (const [setting, variable] of [
    ["clientId", "ARM_CLIENT_ID"],
    ["tenantId", "ARM_TENANT_ID"],
    ["subscriptionId", "ARM_SUBSCRIPTION_ID"],
    ["clientSecret", "ARM_CLIENT_SECRET"],
    ["clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH"],
    ["clientCertificatePassword", "ARM_CLIENT_CERTIFICATE_PASSWORD"],
    ["useOidc", "ARM_USE_OIDC"],
    ["oidcAudience", "ARM_OIDC_AUDIENCE"],
    ["oidcToken", "ARM_OIDC_TOKEN"],
    ["oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH"],
    ["oidcRequestToken", "ARM_OIDC_REQUEST_TOKEN"],
    ["oidcRequestUrl", "ARM_OIDC_REQUEST_URL"],
    ["useMsi", "ARM_USE_MSI"],
    ["useDefaultAzureCredential", "ARM_USE_DEFAULT_AZURE_CREDENTIAL"],
    ["metadataHost", "ARM_METADATA_HOSTNAME"],
    ["disableInstanceDiscovery", "ARM_DISABLE_INSTANCE_DISCOVERY"],
  ] as const) {
    it(`has azure-native:${setting} before ${variable}, and that if there is no such setting`, () => {
      const env = { [variable]: "of the environment", OTHER: "kept" };
      const config = configOf({ [`azure-native:${setting}`]: "of the stack", "quantemplate:clientId": "q" });
      assert.deepEqual(signInEnvironment(config, env), { [variable]: "of the stack", OTHER: "kept" });
      assert.deepEqual(signInEnvironment(configOf({}), env), env);
    });
  }

  it("has an empty setting before the variable, as azure-native does", () => {
    const config = configOf({ "azure-native:clientSecret": "" });
    assert.equal(signInEnvironment(config, { ARM_CLIENT_SECRET: "s" }).ARM_CLIENT_SECRET, "");
  });

  it("is the environment alone where the cloud is local", () => {
    const env = { ARM_CLIENT_ID: "deployer", QT_SIGN_IN: "environment" };
    assert.deepEqual(signInEnvironment(configOf({ "azure-native:clientId": "of Azure" }), env), env);
  });
});
