import { startTestEmulator, type TestEmulator } from "../../../control-plane/testing/test-emulator";
import { createDataFactoryService, type DataFactoryService } from "..";
import type { PipelineRun } from "../run/records";
import { copyOrders, type Definitions } from "./definitions";
import { createFakeSql, type FakeSql } from "./fake-sql";
import { type FakeWeb, json, startFakeWeb, text } from "./fake-web";

/** A factory `adf-test` deployed in an emulator, with a fake web server and a fake database. */
export interface TestFactory {
  readonly emulator: TestEmulator;
  readonly service: DataFactoryService;
  readonly web: FakeWeb;
  readonly sql: FakeSql;
  /** ARM id. */
  readonly id: string;
  /** Starts a pipeline over REST and waits until the run has ended. */
  run(pipeline: string, parameters: Readonly<Record<string, unknown>>): Promise<PipelineRun>;
  activityRuns(runId: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** @param definitions the factory's objects for the fake web server's URL; default: `copyOrders`, with the answers it needs */
export async function startTestFactory(definitions?: (url: string) => Definitions): Promise<TestFactory> {
  const sql = createFakeSql();
  const web = await startFakeWeb();
  let service: DataFactoryService | undefined;
  const emulator = await startTestEmulator((context) => {
    service = createDataFactoryService(context, { sql: () => sql.sink, openSql: sql.open, intervalScale: 0 });
    return [service];
  });
  if (service === undefined) throw new Error("The service was not created.");
  const started = service;
  const id = `${emulator.group}/providers/Microsoft.DataFactory/factories/adf-test`;
  await deployDefinitions(emulator, id, (definitions ?? copyOrders)(web.url));
  if (definitions === undefined) {
    web.answers.set("/vault/secrets/word", json({ value: "open sesame" }));
    web.answers.set("/orders/ann%2F1", text("id,item\n1,lamp\n2,rug\n"));
  }

  return {
    emulator,
    service: started,
    web,
    sql,
    id,
    async run(pipeline, parameters) {
      const {
        status,
        text: answer,
        json: body,
      } = await emulator.arm("POST", `${id}/pipelines/${pipeline}/createRun`, parameters);
      if (status !== 200) throw new Error(`createRun: ${status} ${answer}`);
      const run = await started.waitForRun(body.runId);
      if (run === undefined) throw new Error(`There is no run ${body.runId}.`);
      return run;
    },
    async activityRuns(runId) {
      const window = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };
      const { json: body } = await emulator.arm(
        "POST",
        `${id}/pipelineruns/${runId}/queryActivityruns`,
        window,
      );
      return body.value;
    },
    async stop() {
      await emulator.stop();
      await web.close();
    },
  };
}

/** Deploys a factory with a system-assigned identity, and its objects in order. */
export async function deployDefinitions(
  emulator: TestEmulator,
  id: string,
  { globalParameters, objects }: Definitions,
): Promise<void> {
  const put = async (path: string, body: unknown) => {
    const { status, text: answer } = await emulator.arm("PUT", path, body);
    if (status >= 300) throw new Error(`PUT ${path}: ${status} ${answer}`);
  };
  const values = Object.entries(globalParameters).map(([name, value]) => [name, { type: "string", value }]);
  await put(id, {
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: { globalParameters: Object.fromEntries(values) },
  });
  for (const { kind, name, properties } of objects) await put(`${id}/${kind}/${name}`, { properties });
}
