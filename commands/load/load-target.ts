import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { QtError } from "../../errors/qt-error";
import { projectRoot } from "../../infra/project-text";
import { type AzureSession, createAzureSession } from "../../infra/steps/azure-session";
import type { SignInEnvironment } from "../../infra/steps/credential";
import { connection } from "../../infra/steps/database-migration";
import { throughFirewall } from "../../infra/steps/open-firewall";
import { signInEnvironment } from "../../infra/steps/sign-in-environment";
import { stackName } from "../../tenants/stack-name";
import { signInSettings } from "../sign-in-settings";
import { type LoadOutcome, outcomeOf } from "./load-outcome";

/** Version of Data Factory's REST API. */
export const API_VERSION = "2018-06-01";

/** A procedure of the database that only its administrator may call. Returns its row. */
export type Administer = (
  procedure: "qt.erase" | "qt.lift_erasure" | "qt.release_dataset",
  parameters: Readonly<Record<string, string>>,
) => Promise<Readonly<Record<string, unknown>>>;

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
  /** Calls a procedure of the database as its administrator. */
  readonly administer: Administer;
}

/** The outputs of a deployed stack that a load needs. */
export interface CloudOutputs {
  readonly dataFactoryId: string;
  readonly pipelineName: string;
  readonly sqlServer: string;
  readonly sqlDatabase: string;
}

/** A stack in Azure, with its outputs from Pulumi and its datasets from its file, signed in as a deployment of it is. */
export async function cloudTarget(stack: string): Promise<LoadTarget> {
  const [outputs, config] = await Promise.all([
    pulumi<CloudOutputs>(stack, "stack", "output", "--json"),
    signInSettings((...args) => pulumi<unknown>(stack, ...args)),
  ]);
  return cloudTargetOf(stack, outputs, signInEnvironment(config, process.env));
}

/** {@link cloudTarget} with known outputs. */
export function cloudTargetOf(stack: string, outputs: CloudOutputs, env: SignInEnvironment): LoadTarget {
  const azure = createAzureSession(env);
  const file = parse(readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8")) as {
    config?: { "quantemplate:datasets"?: { id: string; table: string }[] };
  };
  const call: LoadTarget["call"] = (method, path, json) =>
    azure.arm(method, `${outputs.dataFactoryId}${path}`, {
      apiVersion: API_VERSION,
      ...(json === undefined ? {} : { json }),
    });
  return {
    stack,
    pipeline: outputs.pipelineName,
    datasets: file.config?.["quantemplate:datasets"] ?? [],
    longestPollMs: 15_000,
    // The database's firewall and rights are only for the chain, not for someone who starts a load.
    outcome: (_, runId) => loggedOutcome(call, runId),
    administer: (...given) => administerCloud(outputs, azure, given),
    call,
  };
}

/** As a deployment does it: signed in as the deployer, who is the server's administrator or a member of its group. */
async function administerCloud(
  { dataFactoryId, sqlServer, sqlDatabase }: CloudOutputs,
  azure: AzureSession,
  call: Parameters<Administer>,
): ReturnType<Administer> {
  // Loaded only when it is needed: a load does not need the driver.
  const { MssqlExecutor } =
    require("../../database/migration-executor") as typeof import("../../database/migration-executor");
  const { connectWith } = require("../../database/migrate") as typeof import("../../database/migrate");
  const [group = ""] = dataFactoryId.split("/providers/");
  const serverId = `${group}/providers/Microsoft.Sql/servers/${sqlServer.split(".")[0]}`;
  const executor = new MssqlExecutor(connection(sqlServer, sqlDatabase, await azure.sqlToken()));
  return throughFirewall(
    { serverId, server: sqlServer, database: sqlDatabase },
    azure,
    async (onFirewall) => {
      try {
        await connectWith(executor, { onFirewall });
        const [row = {}] = await executor.call(...call);
        return row;
      } finally {
        await executor.close();
      }
    },
  );
}

/** What the run's last activity read of its load; undefined if the deployed pipeline does not have it yet. */
export async function loggedOutcome(
  call: LoadTarget["call"],
  runId: string,
): Promise<LoadOutcome | undefined> {
  const filter = { operand: "ActivityName", operator: "Equals", values: ["ReadResult"] };
  const { value } = (await call("POST", `/pipelineruns/${runId}/queryActivityruns`, {
    lastUpdatedAfter: "2000-01-01T00:00:00Z",
    lastUpdatedBefore: "9999-01-01T00:00:00Z",
    filters: [filter],
  })) as { value: readonly { status: string; output?: { firstRow?: Readonly<Record<string, unknown>> } }[] };
  const row = value.find(({ status }) => status === "Succeeded")?.output?.firstRow;
  return row === undefined ? undefined : outcomeOf(runId, row);
}

async function pulumi<Answer>(stack: string, ...args: string[]): Promise<Answer> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", [...args, "--stack", stackName(stack)], {
      cwd: projectRoot,
    });
    return JSON.parse(stdout) as Answer;
  } catch (error) {
    throw new QtError("QT9014", { stack, reason: (error as Error).message }, { cause: error });
  }
}
