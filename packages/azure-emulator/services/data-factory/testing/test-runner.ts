import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFlowLog } from "../../../control-plane/flow-log";
import type { ArmResource, ResourceStore } from "../../../control-plane/resource";
import { activityKinds } from "../activities";
import { azureCsvBehaviour } from "../copy/azure-csv-behaviour";
import { fromJson, isObject, objectOf } from "../expressions/value";
import { DeployedFactory, type FactoryAt } from "../run/deployed-factory";
import type { ActivityRun, PipelineRun } from "../run/records";
import { RunStore } from "../run/run-store";
import { Runner } from "../run/runner";
import { createFakeSql, type FakeSql } from "./fake-sql";

/** A runner with in-memory resources, without a control plane. */
export interface TestRunner {
  readonly runner: Runner;
  readonly resources: ResourceStore;
  readonly factoryAt: FactoryAt;
  readonly store: RunStore;
  readonly sql: FakeSql;
  readonly flow: ReturnType<typeof createFlowLog>;
  /** Deploys a pipeline, dataset or linked service. */
  deploy(
    kind: "pipelines" | "datasets" | "linkedservices",
    name: string,
    properties: Record<string, unknown>,
  ): void;
  start(pipeline: string, parameters?: Record<string, unknown>): PipelineRun;
  /** Deploys the activities as pipeline `p`, runs it and waits. */
  run(activities: readonly Activity[], more?: Record<string, unknown>): Promise<Outcome>;
  finish(runId: string): Promise<PipelineRun>;
  close(): void;
}

/** A Studio activity. */
export interface Activity {
  readonly name: string;
  readonly type: string;
  readonly typeProperties?: unknown;
  readonly [key: string]: unknown;
}

export interface Outcome {
  readonly run: PipelineRun;
  /** The last attempt of each activity, by name. */
  readonly activities: Readonly<Record<string, ActivityRun>>;
}

/** ARM id of the factory. */
export const FACTORY_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DataFactory/factories/f";

export function createTestRunner(options: { readonly intervalScale?: number } = {}): TestRunner {
  const folder = mkdtempSync(join(tmpdir(), "data-factory-"));
  const resources = new Map<string, ArmResource>();
  const sql = createFakeSql();
  const flow = createFlowLog();
  const store = new RunStore(join(folder, "runs.jsonl"));
  const services = {
    csvSink: () => sql.sink,
    csvBehaviour: azureCsvBehaviour,
    openSql: sql.open,
    fetch,
    token: () => "token",
    addressIn: async () => undefined,
    intervalScale: options.intervalScale ?? 0,
  };
  const kept = storeOf(resources);
  const runner = new Runner(activityKinds, store, services, flow);
  const factoryAt = (id: string) => new DeployedFactory(kept, id, activityKinds);
  const factory = factoryAt(FACTORY_ID);
  const put = (path: string, type: string, properties: Record<string, unknown>) => {
    resources.set(path.toLowerCase(), { id: path, type, name: path.split("/").at(-1) ?? "", properties });
  };
  put(FACTORY_ID, "Microsoft.DataFactory/factories", {
    globalParameters: { env: { type: "string", value: "test" } },
  });

  const testRunner: TestRunner = {
    runner,
    resources: kept,
    factoryAt,
    store,
    sql,
    flow,
    deploy: (kind, name, properties) =>
      put(`${FACTORY_ID}/${kind}/${name}`, `Microsoft.DataFactory/factories/${kind}`, properties),
    start(pipelineName, parameters = {}) {
      const values = fromJson(parameters);
      return runner.start({
        factory,
        pipelineName,
        parameters: isObject(values) ? values : objectOf([]),
        invokedBy: { id: "test", name: "Manual", invokedByType: "Manual" },
      });
    },
    async finish(runId) {
      const run = await runner.waitForRun(runId);
      if (run === undefined) throw new Error(`There is no run ${runId}.`);
      return run;
    },
    async run(activities, more = {}) {
      testRunner.deploy("pipelines", "p", { activities, ...more });
      const run = await testRunner.finish(testRunner.start("p").runId);
      const runs = store.activityRuns(run.runId).map((entry) => [entry.activityName, entry]);
      return { run, activities: Object.fromEntries(runs) };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
  return testRunner;
}

/** A SetVariable activity, the simplest one. */
export function set(name: string, value: unknown, ...dependsOn: string[]): Activity {
  return activity(name, "SetVariable", { variableName: "v", value }, ...dependsOn);
}

/** A Fail activity. */
export function failing(name: string, message: string, ...dependsOn: string[]): Activity {
  return activity(name, "Fail", { message, errorCode: "E1" }, ...dependsOn);
}

/** @param dependsOn dependencies as `Name Condition Condition…` */
export function activity(
  name: string,
  type: string,
  typeProperties: unknown,
  ...dependsOn: string[]
): Activity {
  return {
    name,
    type,
    typeProperties,
    dependsOn: dependsOn.map((text) => {
      const [on, ...dependencyConditions] = text.split(" ");
      return { activity: on, dependencyConditions };
    }),
  };
}

export const variables = { variables: { v: { type: "String" } } };

function storeOf(resources: Map<string, ArmResource>): ResourceStore {
  return {
    get: (path) => resources.get(path.toLowerCase()),
    list: () => [...resources.values()],
    async set(resource) {
      resources.set(resource.id.toLowerCase(), resource);
    },
    async remove(path) {
      resources.delete(path.toLowerCase());
    },
    subscribe: () => () => undefined,
  };
}
