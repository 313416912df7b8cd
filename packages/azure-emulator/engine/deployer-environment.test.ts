import assert from "node:assert/strict";
import { delimiter, dirname, join } from "node:path";
import { withEnvironment } from "../../kit/testing/with-environment";
import { deployerEnvironment } from "./deployer-environment";

const deployer = {
  objectId: "o",
  clientId: "c",
  displayName: "d",
  kind: "ServicePrincipal",
  secret: "s",
} as const;
const project = { name: "toy", root: "/project", environment: { TOY_ROOT: "/project" } };
const context = {
  subscriptionId: "sub",
  tenantId: "tenant",
  httpsUrl: "https://127.0.0.1:8443",
  certificates: { caFile: "/ca.pem" },
  principals: { deployer },
};

describe("engine: environment of the dynamic steps", () => {
  it("points at the emulator and the local deployer", () => {
    const environment = deployerEnvironment(context, project);
    assert.equal(environment.ARM_METADATA_HOSTNAME, "127.0.0.1:8443");
    assert.equal(environment.NODE_EXTRA_CA_CERTS, "/ca.pem");
    assert.equal(environment.TOY_ROOT, "/project");
    assert.deepEqual(
      [
        environment.ARM_TENANT_ID,
        environment.ARM_SUBSCRIPTION_ID,
        environment.ARM_CLIENT_ID,
        environment.ARM_CLIENT_SECRET,
      ],
      ["tenant", "sub", "c", "s"],
    );
  });

  it("puts this Node first on PATH, and Pulumi's provider last", () => {
    const folders = (deployerEnvironment(context, project).PATH ?? "").split(delimiter);
    const [node, pulumi] = [folders.at(0), folders.at(-1)];
    assert.equal(node, dirname(process.execPath));
    assert.equal(pulumi, join("/project", "node_modules", "@pulumi", "pulumi"));
  });

  it("clears credentials of the real Azure and bypasses a proxy for loopback", () =>
    withEnvironment({ ARM_USE_OIDC: "true", AZURE_CLIENT_ID: "real", NO_PROXY: "corp" }, () => {
      const environment = deployerEnvironment(context, project);
      assert.equal(environment.ARM_USE_DEFAULT_AZURE_CREDENTIAL, "", "it would come before the secret");
      assert.equal(environment.ARM_USE_OIDC, "");
      assert.equal(environment.AZURE_CLIENT_ID, "");
      assert.equal(environment.NO_PROXY, "127.0.0.1,localhost,corp");
    }));
});
