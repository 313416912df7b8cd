import { readFileSync } from "node:fs";
import tls from "node:tls";
import { API_VERSION, type LoadTarget } from "../commands/load/load-target";
import { QtError } from "../errors/qt-error";
import { loadOutcome } from "./commands/demo";
import { requireEnvironment } from "./environment";

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
