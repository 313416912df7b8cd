import { readFileSync } from "node:fs";
import tls from "node:tls";
import { type Administer, API_VERSION, type LoadTarget } from "../commands/load/load-target";
import { QtError } from "../errors/qt-error";
import { loadOutcome } from "./commands/demo";
import { query } from "./commands/emulator-client";
import { type Environment, requireEnvironment } from "./environment";

/** The emulator that runs on this machine. @throws QtError QT9003 if none runs. */
export async function localTarget(folder: string, stack: string): Promise<LoadTarget> {
  const environment = await requireEnvironment(folder, stack);
  const { arm, subscriptionId, resourceGroup, dataFactory } = environment;
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), readFileSync(arm.caFile, "utf8")]);
  const factory = `${arm.endpoint}/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.DataFactory/factories/${dataFactory.factoryName}`;
  return {
    stack,
    pipeline: dataFactory.pipelineName,
    datasets: environment.quantemplate.datasets,
    longestPollMs: 500,
    administer: (...call) => administerLocal(environment, call),
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

async function administerLocal(
  environment: Environment,
  [procedure, parameters]: Parameters<Administer>,
): ReturnType<Administer> {
  const names = Object.keys(parameters);
  const sql =
    environment.sql.engine === "mssql"
      ? `exec ${procedure} ${names.map((name, index) => `@${name} = $${index + 1}`).join(", ")}`
      : `select * from ${procedure}(${names.map((name, index) => `${name} => $${index + 1}`).join(", ")})`;
  const [row = {}] = await query(environment, sql, Object.values(parameters));
  return row;
}
