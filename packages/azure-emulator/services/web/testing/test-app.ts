import { build } from "esbuild";
import { strToU8, zipSync } from "fflate";
import { ARM_AUDIENCE } from "../../../control-plane/identity";
import type { TestEmulator, TestReply } from "../../../control-plane/testing/test-emulator";

const OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

/** A site with everything that Flex Consumption needs, for tests. */
export interface TestSite {
  readonly id: string;
  readonly name: string;
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly scm: string;
  readonly roleAssignment: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Publishes, and answers as the poll of the deployment does at its end. */
  publish(zip: Uint8Array, query?: string): Promise<TestReply>;
  /** Asks the deployment endpoint, below `/api`. */
  ask(path: string): Promise<TestReply>;
}

/** Deploys storage, identity, role, plan and site, with settings that let the host run. */
export async function makeTestSite(
  emulator: TestEmulator,
  name: string,
  siteUpdateStrategy?: { readonly type: "Recreate" | "RollingUpdate" },
): Promise<TestSite> {
  const { controlPlane, context, group } = emulator;
  const put = (path: string, body: object) =>
    controlPlane.put(`${group}/providers/${path}`, body, context.principals.deployer);
  const location = "westeurope";
  const account = await put(`Microsoft.Storage/storageAccounts/${name}store`, {
    location,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  });
  await put(`Microsoft.Storage/storageAccounts/${name}store/blobServices/default/containers/deploy`, {});
  const identity = await put(`Microsoft.ManagedIdentity/userAssignedIdentities/${name}-identity`, {
    location,
  });
  const assignment = `${account.id}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
  await controlPlane.put(
    assignment,
    {
      properties: {
        principalId: identity.properties.principalId,
        roleDefinitionId: `/subscriptions/${context.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${OWNER}`,
      },
    },
    context.principals.deployer,
  );
  const plan = await put(`Microsoft.Web/serverfarms/${name}-plan`, {
    location,
    sku: { name: "FC1", tier: "FlexConsumption" },
    properties: { reserved: true },
  });
  const site = await put(`Microsoft.Web/sites/${name}`, {
    location,
    kind: "functionapp,linux",
    identity: { type: "UserAssigned", userAssignedIdentities: { [identity.id]: {} } },
    properties: {
      serverFarmId: plan.id,
      httpsOnly: true,
      functionAppConfig: {
        deployment: {
          storage: {
            type: "blobContainer",
            value: `${(account.properties.primaryEndpoints as { blob: string }).blob}deploy`,
            authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identity.id },
          },
        },
        runtime: { name: "node", version: "22" },
        scaleAndConcurrency: { instanceMemoryMB: 512, maximumInstanceCount: 40 },
        ...(siteUpdateStrategy && { siteUpdateStrategy }),
      },
    },
  });
  const settings = {
    AzureWebJobsStorage__accountName: account.name,
    AzureWebJobsStorage__credential: "managedidentity",
    AzureWebJobsStorage__clientId: String(identity.properties.clientId),
  };
  await put(`Microsoft.Web/sites/${name}/config/appsettings`, { properties: settings });
  const names = site.properties.hostNameSslStates as { name: string; hostType: string }[];
  const scm = names.find(({ hostType }) => hostType === "Repository")?.name ?? "";
  const authorization = () =>
    `Bearer ${context.tokens.issue(context.principals.deployer, ARM_AUDIENCE).token}`;
  const ask = (path: string) =>
    emulator.call(`https://${scm}/api/${path}`, { headers: { authorization: authorization() } });
  return {
    id: site.id,
    name,
    host: String(site.properties.defaultHostName),
    scm,
    roleAssignment: assignment,
    settings,
    async publish(zip, query = "type=zip") {
      const headers = { authorization: authorization(), "content-type": "application/zip" };
      const url = `https://${scm}/api/publish?${query}`;
      const accepted = await emulator.call(url, { method: "POST", headers, body: zip });
      if (accepted.status !== 202) return accepted;
      for (;;) {
        const ended = await ask(`deployments/${accepted.json}`);
        if (ended.json?.complete !== false) return ended;
      }
    },
    ask,
  };
}

/** Bundles and packs a source that uses `@azure/functions`. */
export async function packTestApp(source: string, host: object = { version: "2.0" }): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: __dirname, loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node22",
    logLevel: "silent",
    external: ["@azure/functions-core"],
  });
  return zipSync({
    "host.json": strToU8(JSON.stringify(host)),
    "package.json": strToU8(JSON.stringify({ main: "dist/*.js" })),
    "dist/main.js": outputFiles[0]?.contents ?? new Uint8Array(),
  });
}
