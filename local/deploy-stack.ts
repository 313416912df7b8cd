import { QtError } from "../errors/qt-error";
import { registerApplication } from "../packages/azure-emulator/control-plane/graph/register-application";
import { ARM_AUDIENCE } from "../packages/azure-emulator/control-plane/identity";
import type { LocalContext } from "../packages/azure-emulator/control-plane/local-service";
import type { Engine, RunOptions, RunResult, StackRequest } from "../packages/azure-emulator/engine";
import { putDataset, putJson, quantemplateDatasets } from "./commands/emulator-client";
import { deployedPlaces, serverWithHost } from "./deployed-places";
import { deployedEnvironments, type Environment, writeEnvironment } from "./environment";
import type { LocalAzure } from "./local-azure";
import { SAMPLE_ROWS, sampleDatasets, sampleSnapshot } from "./sample-data";
import { readTenantStack, type TenantStack } from "./tenant-stack";

/** Lifetime of the Owner tokens in environment.json: a working week, so that a page left open keeps working. */
const OWNER_TOKEN_SECONDS = 5 * 24 * 3600;

/** The engine's request for a tenant: the product's own program with the tenant's configuration. */
export function stackRequest({ name, config }: TenantStack): StackRequest {
  // Loaded here, while the CLI starts: azure-native takes most of a second.
  const load = () => require("../infra/program") as typeof import("../infra/program");
  return { name, config, program: () => load().deployTenant(), preload: () => void load() };
}

export interface Deployment {
  readonly environment: Environment;
  readonly result: RunResult;
}

/**
 * Deploys a tenant's stack with the Pulumi program and connects the two outside parties as a person would:
 * Quantemplate gets the webhook URL, Fivetran the function's address and key. Then writes the environment file.
 */
export async function deployStack(
  azure: LocalAzure,
  engine: Engine,
  options: { readonly projectRoot: string; readonly folder: string; readonly stack: string },
  runOptions: RunOptions = {},
): Promise<Deployment> {
  const stack = readTenantStack(options.projectRoot, options.stack, azure.context);
  await registerCredential(azure.context, stack);
  const result = await engine.up(stackRequest(stack), runOptions);
  const environment = await connectStack(azure, stack, result);
  await writeEnvironment(options.folder, environment);
  return { environment, result };
}

/** Connects the outside parties to a stack that is deployed. */
export async function connectStack(
  azure: LocalAzure,
  stack: TenantStack,
  deployed: Pick<RunResult, "outputs">,
): Promise<Environment> {
  const environment = environmentOf(azure, stack, deployed);
  await connectQuantemplate(environment);
  await connectFivetran(environment);
  await offerSamples(environment);
  return environment;
}

/** The service principal of a tenant is not the deployment's to make: in Azure somebody registered it before. */
async function registerCredential(
  { directory }: LocalContext,
  { name, credential }: TenantStack,
): Promise<void> {
  if (credential === undefined) return;
  const { clientId, objectId, clientSecret: secret } = credential;
  await registerApplication(directory, { clientId, objectId, secret, displayName: `runbook-of-${name}` });
}

/** Serves what was deployed before: only the process and its token are new, and what an earlier version did not write. */
export async function restoreEnvironments({ context }: LocalAzure, folder: string): Promise<void> {
  for (const environment of await deployedEnvironments(folder)) {
    const { resourceGroup, sql, dataFactory, keyVault } = environment;
    const places = deployedPlaces(context, resourceGroup, {
      sqlServer: sql.serverName,
      sqlDatabase: sql.database,
      // An earlier version did not write it.
      keyVault: keyVault?.vaultName,
    });
    await writeEnvironment(folder, {
      ...environment,
      ...accessTo(context),
      keyVault: places.keyVault,
      storage: places.storage,
      sql: { ...sql, ...places.sql },
      dataFactory: { ...dataFactory, factoryId: places.factoryId },
      function: { ...environment.function, ...places.app },
      process: { pid: process.pid },
    });
  }
}

/** How tools sign in to the emulator. */
function accessTo(context: LocalContext): Pick<Environment, "arm" | "deployer"> {
  const { clientId, secret } = context.principals.deployer;
  const { caFile, bundleFile } = context.certificates;
  const arm = {
    endpoint: context.httpsUrl,
    token: ownerToken(context),
    caFile,
    caBundleFile: bundleFile,
  };
  return { arm, deployer: { clientId, clientSecret: secret } };
}

function ownerToken({ principals, tokens }: LocalContext): string {
  return tokens.issue(principals.deployer, ARM_AUDIENCE, OWNER_TOKEN_SECONDS).token;
}

function environmentOf(
  { context, sql }: LocalAzure,
  stack: TenantStack,
  result: Pick<RunResult, "outputs">,
): Environment {
  const output = (name: string): string => {
    const value = result.outputs[name]?.value;
    if (typeof value !== "string") throw new QtError("QT9011", { name, stack: stack.name });
    return value;
  };
  const { tokenUrl, endpoint, organisationId, clientId, clientSecret } = stack.quantemplate;
  const resourceGroup = output("resourceGroupName");
  const places = deployedPlaces(context, resourceGroup, {
    sqlServer: serverWithHost(context, output("sqlServer")),
    sqlDatabase: output("sqlDatabase"),
    keyVault: output("keyVaultName"),
  });
  return {
    contract: 1,
    stack: stack.name,
    subscriptionId: context.subscriptionId,
    tenantId: context.tenantId,
    resourceGroup,
    ...accessTo(context),
    // Webhook and function over plain HTTP, for tools that do not know the local CA; the ports answer HTTP and HTTPS.
    automation: {
      accountName: output("automationAccountName"),
      runbookName: output("runbookName"),
      webhookUrl: output("webhookUrl").replace(/^https:/, "http:"),
    },
    dataFactory: {
      factoryName: output("dataFactoryName"),
      factoryId: places.factoryId,
      pipelineName: output("pipelineName"),
    },
    function: {
      url: output("functionUrl").replace(/^https:/, "http:"),
      key: output("functionKey"),
      ...places.app,
    },
    sql: {
      engine: sql.engine,
      queryUrl: `${context.httpUrl}/sql/${encodeURIComponent(output("sqlServer"))}/${output("sqlDatabase")}/query`,
      ...places.sql,
    },
    keyVault: places.keyVault,
    storage: places.storage,
    quantemplate: {
      endpoint,
      tokenUrl,
      organisationId,
      clientId,
      clientSecret,
      adminUrl: `${context.httpUrl}/quantemplate/admin/organisations/${organisationId}`,
      datasets: stack.datasets,
    },
    fivetran: { adminUrl: `${context.httpUrl}/fivetran/connections/${stack.name}` },
    console: { url: `${context.httpUrl}/console/` },
    process: { pid: process.pid },
  };
}

async function connectQuantemplate(environment: Environment): Promise<void> {
  const { adminUrl, clientId, clientSecret } = environment.quantemplate;
  await putJson(adminUrl, { clientId, clientSecret });
  await putJson(`${adminUrl}/subscriptions`, { url: environment.automation.webhookUrl });
}

/** Gives Quantemplate the sample of each dataset that it has no data for, without an event, so that a load finds something to fetch. */
async function offerSamples(environment: Environment): Promise<void> {
  const known = new Set(await quantemplateDatasets(environment));
  for (const { id } of sampleDatasets) {
    const configured = environment.quantemplate.datasets.some((dataset) => dataset.id === id);
    if (!configured || known.has(id)) continue;
    await putDataset(environment, id, sampleSnapshot(id, SAMPLE_ROWS, 0).csv(), false);
  }
}

async function connectFivetran(environment: Environment): Promise<void> {
  await putJson(environment.fivetran.adminUrl, {
    functionUrl: environment.function.url,
    functionKey: environment.function.key,
  });
}
