import { join } from "node:path";
import type { LocalContext, LocalService } from "../../control-plane/local-service";
import { EmulatorError } from "../../errors/emulator-error";
import { activityKinds } from "./activities";
import { type AzureCsvBehaviour, azureCsvBehaviour } from "./copy/azure-csv-behaviour";
import type { CsvSink } from "./copy/csv-sink";
import { dataFactoryResourceTypes } from "./resources/resource-types";
import { runRoutes } from "./rest/run-routes";
import { triggerRoutes } from "./rest/trigger-routes";
import type { RunnerServices } from "./run/activity-context";
import { ActivityError } from "./run/activity-error";
import { DeployedFactory } from "./run/deployed-factory";
import type { PipelineRun } from "./run/records";
import { RunStore } from "./run/run-store";
import { Runner } from "./run/runner";
import { openMssql } from "./sql/mssql-session";
import type { OpenSql } from "./sql/sql-session";
import { TriggerClock } from "./triggers/trigger-clock";
import { TriggerRuns } from "./triggers/trigger-runs";

/** Shortens retry intervals and waits, so that local runs are fast. */
const LOCAL_INTERVAL_SCALE = 0.01;

export interface DataFactoryDependencies {
  /** The target of Copy activities. */
  readonly sql: () => CsvSink;
  /** Multiplies retry intervals and waits; counts and timeouts stay as deployed. Default 0.01. */
  readonly intervalScale?: number;
  /** Opens the connections of procedures, lookups and scripts. Default: the `mssql` driver. */
  readonly openSql?: OpenSql;
  /** Switches of the copy's CSV reader that differ from the default, which is the hardest one for what follows. */
  readonly csv?: Partial<AzureCsvBehaviour>;
}

export interface DataFactoryService extends LocalService {
  /** Waits until the run has ended; undefined for an unknown id. */
  waitForRun(runId: string): Promise<PipelineRun | undefined>;
}

/** Data Factory: stores factories and their objects, and runs deployed pipelines. */
export function createDataFactoryService(
  context: LocalContext,
  { sql, intervalScale = LOCAL_INTERVAL_SCALE, openSql = openMssql, csv = {} }: DataFactoryDependencies,
): DataFactoryService {
  const services: RunnerServices = {
    csvSink: sql,
    csvBehaviour: { ...azureCsvBehaviour, ...csv },
    openSql,
    fetch,
    intervalScale,
    async addressIn(network) {
      if (network !== undefined) return context.callers.addressOf({ kind: "managed", networkId: network });
      // Only servers with a firewall tell Azure's addresses from others.
      if (context.settings.sqlFirewall !== true) return undefined;
      return context.callers.addressOf({ kind: "azure" });
    },
    token(factory, audience) {
      const principal = context.principals.byObjectId(factory.principalId ?? "");
      if (principal === undefined) {
        const error = new EmulatorError("QT3201", { factory: factory.name });
        throw new ActivityError("2108", `${error.code}: ${error.message} ${error.next}`);
      }
      return context.tokens.issue(principal, audience).token;
    },
  };
  const factoryAt = (id: string) => new DeployedFactory(context.resources, id, activityKinds);
  const store = new RunStore(join(context.folder, "data-factory", "runs.jsonl"));
  const runner = new Runner(activityKinds, store, services, context.flow);
  const clock = new TriggerClock();
  const triggers = new TriggerRuns(context.resources, factoryAt, runner, clock, context.flow);

  return {
    name: "data-factory",
    resourceTypes: dataFactoryResourceTypes(context.resources, factoryAt, clock, runner),
    armRoutes: [...runRoutes(context.resources, factoryAt, runner), ...triggerRoutes(triggers)],
    waitForRun: (runId) => runner.waitForRun(runId),
    async start() {
      triggers.resume();
    },
    async stop() {
      clock.disarmAll();
      await runner.stop();
    },
  };
}
