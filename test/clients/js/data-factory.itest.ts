import assert from "node:assert/strict";
import { DataFactoryManagementClient } from "@azure/arm-datafactory";
import { all, type ClientEmulator, fresh, startClientEmulator } from "../client-emulator";

describe("@azure/arm-datafactory against the emulator", () => {
  let emulator: ClientEmulator;
  let client: DataFactoryManagementClient;
  let factory: string;
  before(async () => {
    emulator = await startClientEmulator();
    client = new DataFactoryManagementClient(emulator.credential, emulator.subscriptionId, {
      endpoint: emulator.armUrl,
      credentialScopes: "https://management.azure.com/.default",
      tlsOptions: { ca: emulator.ca },
    });
    factory = fresh("adf-");
    await client.factories.createOrUpdate(emulator.group, factory, { location: "westeurope" });
  });
  after(() => emulator?.stop());

  const names = async (list: AsyncIterable<{ name?: string }>) => (await all(list)).map(({ name }) => name);

  it("create, get, list, update and delete a factory", async () => {
    const { group } = emulator;
    const name = fresh("adf-");
    const made = await client.factories.createOrUpdate(group, name, {
      location: "westeurope",
      tags: { a: "b" },
    });
    assert.equal(made.name, name);
    assert.equal((await client.factories.get(group, name)).eTag, made.eTag);
    await client.factories.update(group, name, { tags: { a: "c" } });
    assert.deepEqual((await client.factories.get(group, name))?.tags, { a: "c" });
    assert.ok((await names(client.factories.list())).includes(name));
    assert.ok((await names(client.factories.listByResourceGroup(group))).includes(name));
    await client.factories.delete(group, name);
    await assert.rejects(client.factories.get(group, name), { statusCode: 404 });
    await client.factories.delete(group, name);
  });

  it("create, get, list, update and delete each kind of object, in the order of their references", async () => {
    const { group } = emulator;
    const [service, dataset, pipeline, trigger] = ["ls_", "ds_", "pl_", "tr_"].map(fresh) as [
      string,
      string,
      string,
      string,
    ];
    const at = [group, factory] as const;
    await client.linkedServices.createOrUpdate(...at, service, {
      properties: { type: "HttpServer", url: "http://127.0.0.1/", authenticationType: "Anonymous" },
    });
    await client.datasets.createOrUpdate(...at, dataset, {
      properties: {
        type: "DelimitedText",
        linkedServiceName: { type: "LinkedServiceReference", referenceName: service },
        location: { type: "HttpServerLocation", relativeUrl: "x.csv" },
        columnDelimiter: ",",
        quoteChar: '"',
        escapeChar: '"',
        firstRowAsHeader: true,
      },
    });
    const activities = [{ name: "Pause", type: "Wait" as const, waitTimeInSeconds: 1 }];
    const first = await client.pipelines.createOrUpdate(...at, pipeline, { activities });
    const ifMatch = first.etag ?? "";
    const second = await client.pipelines.createOrUpdate(
      ...at,
      pipeline,
      { activities, concurrency: 2 },
      { ifMatch },
    );
    assert.notEqual(second.etag, first.etag);
    const stale = client.pipelines.createOrUpdate(...at, pipeline, { activities }, { ifMatch });
    await assert.rejects(stale, { statusCode: 412 });
    await client.triggers.createOrUpdate(...at, trigger, {
      properties: {
        type: "ScheduleTrigger",
        pipelines: [{ pipelineReference: { type: "PipelineReference", referenceName: pipeline } }],
        recurrence: {
          frequency: "Day",
          interval: 1,
          startTime: new Date("2026-01-01T00:00:00Z"),
          timeZone: "UTC",
        },
      },
    });
    assert.deepEqual(await names(client.linkedServices.listByFactory(...at)), [service]);
    assert.deepEqual(await names(client.datasets.listByFactory(...at)), [dataset]);
    assert.deepEqual(await names(client.pipelines.listByFactory(...at)), [pipeline]);
    assert.deepEqual(await names(client.triggers.listByFactory(...at)), [trigger]);
    assert.equal((await client.pipelines.get(...at, pipeline)).concurrency, 2);

    await client.triggers.beginStartAndWait(...at, trigger, { updateIntervalInMs: 1 });
    await assert.rejects(client.triggers.delete(...at, trigger), {
      statusCode: 400,
      code: "TriggerEnabledCannotUpdate",
    });
    await client.triggers.beginStopAndWait(...at, trigger, { updateIntervalInMs: 1 });
    await assert.rejects(client.pipelines.delete(...at, pipeline), { statusCode: 400 });
    await assert.rejects(client.linkedServices.delete(...at, service), { statusCode: 400 });
    await client.triggers.delete(...at, trigger);
    await client.pipelines.delete(...at, pipeline);
    await client.datasets.delete(...at, dataset);
    await client.linkedServices.delete(...at, service);
    assert.deepEqual(await names(client.linkedServices.listByFactory(...at)), []);
  });

  it("start a run, follow it, and query it", async () => {
    const { group } = emulator;
    const pipeline = fresh("pl_");
    const activities = [{ name: "Pause", type: "Wait" as const, waitTimeInSeconds: 1 }];
    await client.pipelines.createOrUpdate(group, factory, pipeline, { activities });
    const { runId } = await client.pipelines.createRun(group, factory, pipeline);
    let status: string | undefined;
    do {
      status = (await client.pipelineRuns.get(group, factory, runId)).status;
    } while (status === "Queued" || status === "InProgress");
    assert.equal(status, "Succeeded");
    const window = { lastUpdatedAfter: new Date(0), lastUpdatedBefore: new Date(Date.now() + 60_000) };
    const runs = await client.pipelineRuns.queryByFactory(group, factory, window);
    assert.deepEqual(
      runs.value.map((run) => run.runId),
      [runId],
    );
    const [activity] = (await client.activityRuns.queryByPipelineRun(group, factory, runId, window)).value;
    assert.equal(activity?.activityName, "Pause");
    assert.deepEqual((await client.triggerRuns.queryByFactory(group, factory, window)).value, []);
  });
});
