// Runs a command signed in to Azure as the pipeline's identity, with OpenID Connect and no stored secret.
//   node scripts/ci/with-azure.mts <command> [args…]
// Reads ARM_CLIENT_ID, ARM_TENANT_ID and ARM_SUBSCRIPTION_ID, or the variables that Azure Pipelines' AzureCLI@2 sets for its connection.
// The provider and infra/steps sign in with ARM_USE_OIDC, and ask for a new token whenever they need one: GitHub, or on Azure Pipelines this
// process, which asks for them. Pulumi's state and secrets (azblob://, azurekeyvault://) sign in as a workload identity, whose token is a
// file. A token lives for minutes and a deployment takes longer, so the file is renewed.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiCloud } from "./pulumi-cloud.mts";
import { runChild } from "./run-child.mts";
import { serveTokens } from "./serve-tokens.mts";

/** A token lives for five minutes; a failed renewal is repeated while the last token is still valid. */
const renewalMs = 4 * 60_000;
const retryMs = 10_000;
const env = process.env;

/** @param audience for whom GitHub's token is; that of Azure Pipelines is always for Entra */
async function token(audience = "api://AzureADTokenExchange"): Promise<string> {
  const azurePipelines = env.SYSTEM_OIDCREQUESTURI || undefined;
  const url = new URL(azurePipelines ?? needed("ACTIONS_ID_TOKEN_REQUEST_URL", "id-token: write"));
  if (azurePipelines === undefined) url.searchParams.set("audience", audience);
  else {
    url.searchParams.set("api-version", "7.1");
    url.searchParams.set(
      "serviceConnectionId",
      needed("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "AzureCLI@2"),
    );
  }
  const bearer = needed(
    azurePipelines === undefined ? "ACTIONS_ID_TOKEN_REQUEST_TOKEN" : "SYSTEM_ACCESSTOKEN",
  );
  const response = await fetch(url, {
    method: azurePipelines === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${bearer}`,
      "content-type": "application/json",
      "x-tfs-fedauthredirect": "Suppress",
    },
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok)
    throw new Error(`${url.host} gave no OpenID Connect token: it answered ${response.status}`);
  const answer = (await response.json()) as { value?: string; oidcToken?: string };
  const value = answer.value ?? answer.oidcToken;
  if (!value) throw new Error(`${url.host} answered without an OpenID Connect token`);
  return value;
}

function needed(name: string, from?: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set${from === undefined ? "" : ` (${from} gives it)`}`);
  return value;
}

async function main([command, ...args]: string[]): Promise<number> {
  if (command === undefined)
    throw new Error("Say what to run: node scripts/ci/with-azure.mts <command> [args…]");
  const identity = {
    ARM_CLIENT_ID: env.ARM_CLIENT_ID ?? env.AZURESUBSCRIPTION_CLIENT_ID,
    ARM_TENANT_ID: env.ARM_TENANT_ID ?? env.AZURESUBSCRIPTION_TENANT_ID,
    ARM_SUBSCRIPTION_ID: env.ARM_SUBSCRIPTION_ID,
  };
  const missing = Object.entries(identity).flatMap(([name, value]) => (value ? [] : [name]));
  if (missing.length > 0) throw new Error(`Set ${missing.join(", ")}: docs/fleet.md, "In CI", says where`);

  // The runner empties its own folder, also after a job that was killed; /tmp of a self-hosted one keeps tokens, logs and state.
  const temporary = env.RUNNER_TEMP || env.AGENT_TEMPDIRECTORY || tmpdir();
  const folder = mkdtempSync(join(temporary, "qt-identity-"));
  const file = join(folder, "token");
  const renew = async () => {
    writeFileSync(`${file}.new`, await token(), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  let timer: NodeJS.Timeout | undefined;
  const renewAfter = (delay: number) => {
    timer = setTimeout(async () => {
      const failure = await renew().then(
        () => undefined,
        (error: Error) => error,
      );
      if (timer === undefined) return;
      if (failure !== undefined) process.stderr.write(`The sign-in was not renewed: ${failure.message}\n`);
      renewAfter(failure === undefined ? renewalMs : retryMs);
    }, delay);
  };
  // The command needs tokens of this connection, not the credential that requests those of others.
  const { SYSTEM_ACCESSTOKEN: _, ...rest } = env;
  const service = env.SYSTEM_OIDCREQUESTURI ? await serveTokens(() => token()) : undefined;
  try {
    await renew();
    renewAfter(renewalMs);
    return await runChild(command, args, {
      ...rest,
      ...(env.SYSTEM_OIDCREQUESTURI ? {} : await pulumiCloud(env, token)),
      ...identity,
      ...{ TMPDIR: temporary, TMP: temporary, TEMP: temporary },
      ARM_USE_OIDC: "true",
      AZURE_CLIENT_ID: identity.ARM_CLIENT_ID,
      AZURE_TENANT_ID: identity.ARM_TENANT_ID,
      AZURE_FEDERATED_TOKEN_FILE: file,
      ...service?.variables,
    });
  } finally {
    service?.close();
    clearTimeout(timer);
    timer = undefined;
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  },
);
