import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { QtError } from "../../errors/qt-error";
import { projectRoot } from "../../infra/project-text";
import { createAzureSession } from "../../infra/steps/azure-session";
import type { SignInEnvironment } from "../../infra/steps/credential";

/** Version of Data Factory's REST API. */
export const API_VERSION = "2018-06-01";

/** The row of `qt.load` for a run. */
export interface LoadOutcome {
  readonly runId: string;
  readonly status: string;
  readonly version: number | undefined;
  readonly staged: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** The Data Factory in which a load is started. */
export interface LoadTarget {
  readonly stack: string;
  readonly pipeline: string;
  /** Ids of the configured datasets, with their tables. */
  readonly datasets: readonly { readonly id: string; readonly table: string }[];
  /** The longest time between two polls of a run, in milliseconds. */
  readonly longestPollMs: number;
  /** Calls the factory's REST interface; the path is relative to the factory. */
  call(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown>;
  /** What the load did to the table; undefined if the database is not reachable. */
  outcome(dataset: string, runId: string): Promise<LoadOutcome | undefined>;
}

/** The outputs of a deployed stack that a load needs. */
export interface CloudOutputs {
  readonly dataFactoryId: string;
  readonly pipelineName: string;
}

/** A stack in Azure, with its outputs from Pulumi and its datasets from its file, signed in as the deployer. */
export async function cloudTarget(stack: string): Promise<LoadTarget> {
  return cloudTargetOf(stack, await stackOutputs(stack), process.env);
}

/** {@link cloudTarget} with known outputs. */
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
    // The database's firewall and rights are only for the chain, not for someone who starts a load.
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
