import { startTestStandIn, type TestStandIn } from "../../../control-plane/test-stand-in";
import { createDataFactoryService, type DataFactoryService } from "..";
import type { PipelineRun } from "../run/records";
import { definitions } from "./definitions";
import { type FakeQuantemplate, json, startFakeQuantemplate, text } from "./fake-quantemplate";
import { createFakeSql, type FakeSql } from "./fake-sql";

/** The project's own definitions deployed into a stand-in, with everything around the factory faked. */
export interface TestFactory {
  readonly standIn: TestStandIn;
  readonly service: DataFactoryService;
  readonly quantemplate: FakeQuantemplate;
  readonly sql: FakeSql;
  /** ARM id. */
  readonly id: string;
  /** Starts a pipeline over REST and waits for its end. */
  run(pipeline: string, parameters: Readonly<Record<string, unknown>>): Promise<PipelineRun>;
  activityRuns(runId: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export const SECRET = "s3cret&=+ä";
export const TOKEN = "qt-access-token";

export async function startTestFactory(): Promise<TestFactory> {
  const sql = createFakeSql();
  const quantemplate = await startFakeQuantemplate();
  let service: DataFactoryService | undefined;
  const standIn = await startTestStandIn((context) => {
    service = createDataFactoryService(context, { sql: () => sql.sink, openSql: sql.open, intervalScale: 0 });
    return [service];
  });
  if (service === undefined) throw new Error("The service was not made.");
  const started = service;
  const id = `${standIn.group}/providers/Microsoft.DataFactory/factories/adf-test`;
  await deployDefinitions(standIn, id, quantemplate.url);
  quantemplate.answers.set("/vault/secrets/qt", json({ value: SECRET }));
  quantemplate.answers.set("/token", json({ access_token: TOKEN, expires_in: 300, token_type: "Bearer" }));
  quantemplate.answers.set("/v1/organisations/org/datasets/claims%2F2024", text("id,name\n1,Ann\n2,Bob\n"));

  return {
    standIn,
    service: started,
    quantemplate,
    sql,
    id,
    async run(pipeline, parameters) {
      const {
        status,
        text: answer,
        json: body,
      } = await standIn.arm("POST", `${id}/pipelines/${pipeline}/createRun`, parameters);
      if (status !== 200) throw new Error(`createRun: ${status} ${answer}`);
      const run = await started.waitForRun(body.runId);
      if (run === undefined) throw new Error(`There is no run ${body.runId}.`);
      return run;
    },
    async activityRuns(runId) {
      const window = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };
      const { json: body } = await standIn.arm(
        "POST",
        `${id}/pipelineruns/${runId}/queryActivityruns`,
        window,
      );
      return body.value;
    },
    async stop() {
      await standIn.stop();
      await quantemplate.close();
    },
  };
}

/** Deploys adf-definitions with their global parameters pointing at `url`. */
export async function deployDefinitions(
  standIn: TestStandIn,
  id: string,
  url: string,
  sqlServer = "127.0.0.1,14330",
): Promise<void> {
  const values: Record<string, string> = {
    qtApiUrl: `${url}/`,
    qtTokenUrl: `${url}/token`,
    qtOrganisationId: "org",
    qtClientId: "client&1",
    qtSecretUrl: `${url}/vault/secrets/qt`,
    sqlServer,
    sqlDatabase: "tenant",
  };
  const put = async (path: string, body: unknown) => {
    const { status, text: answer } = await standIn.arm("PUT", path, body);
    if (status >= 300) throw new Error(`PUT ${path}: ${status} ${answer}`);
  };
  const globalParameters = Object.entries(values).map(([name, value]) => [name, { type: "string", value }]);
  await put(id, {
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: { globalParameters: Object.fromEntries(globalParameters) },
  });
  const kinds = {
    linkedService: "linkedservices",
    dataset: "datasets",
    pipeline: "pipelines",
    trigger: "triggers",
  };
  for (const [folder, kind] of Object.entries(kinds)) {
    for (const { name, properties } of definitions(folder))
      await put(`${id}/${kind}/${name}`, { properties });
  }
}
