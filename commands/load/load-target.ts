import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { parse } from "yaml";
import { QtError } from "../../errors/qt-error";
import { createAzureSession } from "../../infra/steps/azure-session";
import type { SignInEnvironment } from "../../infra/steps/credential";
import { type LoadOutcome, loadOutcome } from "../../local/commands/demo";
import type { Environment } from "../../local/environment";
import { projectRoot } from "../../local/places";

const API_VERSION = "2018-06-01";

/** The Data Factory that a load is started in. */
export interface LoadTarget {
  readonly stack: string;
  readonly pipeline: string;
  /** Ids of the configured datasets, with their tables. */
  readonly datasets: readonly { readonly id: string; readonly table: string }[];
  /** How often to look at a run, at most, in milliseconds. */
  readonly longestPollMs: number;
  /** Calls the factory's REST surface; the path starts behind the factory. */
  call(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown>;
  /** What the load did to the table, where the database can be asked. */
  outcome(dataset: string, runId: string): Promise<LoadOutcome | undefined>;
}

/** The stand-in that runs on this machine. */
export function localTarget(environment: Environment): LoadTarget {
  const { arm, subscriptionId, resourceGroup, dataFactory } = environment;
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), readFileSync(arm.caFile, "utf8")]);
  const factory = `${arm.endpoint}/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.DataFactory/factories/${dataFactory.factoryName}`;
  return {
    stack: environment.stack,
    pipeline: dataFactory.pipelineName,
    datasets: environment.quantemplate.datasets,
    longestPollMs: 500,
    outcome: (dataset, runId) => loadOutcome(environment, dataset, runId),
    async call(method, path, body) {
      const url = `${factory}${path}?api-version=${API_VERSION}`;
      const response = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${arm.token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) {
        throw new QtError("QT9008", { url, status: response.status, message: await response.text() });
      }
      return response.json();
    },
  };
}

/** The outputs of a deployed stack that a load needs. */
export interface CloudOutputs {
  readonly dataFactoryId: string;
  readonly pipelineName: string;
}

/** A stack in Azure: its outputs from Pulumi, its datasets from its file, signed in as the deployer is. */
export async function cloudTarget(stack: string): Promise<LoadTarget> {
  return cloudTargetOf(stack, await stackOutputs(stack), process.env);
}

/** {@link cloudTarget} with the outputs at hand. */
export function cloudTargetOf(stack: string, outputs: CloudOutputs, env: SignInEnvironment): LoadTarget {
  const azure = createAzureSession(env);
  const file = parse(readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8")) as {
    config?: { "quantemplate:datasets"?: { id: string; table: string }[] };
  };
  return {
    stack,
    pipeline: outputs.pipelineName,
    datasets: file.config?.["quantemplate:datasets"] ?? [],
    longestPollMs: 15_000,
    // The database's firewall and rights are for the chain, not for whoever starts a load.
    outcome: async () => undefined,
    call: (method, path, json) =>
      azure.arm(method, `${outputs.dataFactoryId}${path}`, {
        apiVersion: API_VERSION,
        ...(json === undefined ? {} : { json }),
      }),
  };
}

async function stackOutputs(stack: string): Promise<CloudOutputs> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["stack", "output", "--json", "--stack", stack], {
      cwd: projectRoot,
    });
    return JSON.parse(stdout) as CloudOutputs;
  } catch (error) {
    throw new QtError("QT9014", { stack, reason: (error as Error).message }, { cause: error });
  }
}
