import assert from "node:assert/strict";
import { DataFactoryManagementClient } from "@azure/arm-datafactory";
import { ARM_AUDIENCE } from "../../../control-plane/identity";
import { startTestFactory, type TestFactory } from "../testing/test-factory";

const GROUP = "rg";
const FACTORY = "adf-test";

describe("Data Factory's REST API, through @azure/arm-datafactory", () => {
  let factory: TestFactory;
  let client: DataFactoryManagementClient;
  before(async () => {
    factory = await startTestFactory();
    const { context } = factory.emulator;
    const credential = {
      getToken: async () => {
        const { token, expiresOn } = context.tokens.issue(context.principals.deployer, ARM_AUDIENCE);
        return { token, expiresOnTimestamp: expiresOn.getTime() };
      },
    };
    client = new DataFactoryManagementClient(credential, context.subscriptionId, {
      endpoint: context.httpsUrl,
      credentialScopes: "https://management.azure.com/.default",
      tlsOptions: { ca: context.certificates.ca },
    });
  });
  after(() => factory.stop());

  it("starts a run, reads it, and queries its activities and the factory's runs", async () => {
    const { runId } = await client.pipelines.createRun(GROUP, FACTORY, "copy_orders", {
      parameters: { Customer: "ann/1" },
    });
    await factory.service.waitForRun(runId);
    const run = await client.pipelineRuns.get(GROUP, FACTORY, runId);
    assert.equal(run.status, "Succeeded");
    assert.deepEqual(run.parameters, { Customer: "ann/1", Full: "false" });
    assert.equal(run.invokedBy?.name, "Manual");
    assert.ok(run.runStart instanceof Date && run.runEnd instanceof Date);

    const window = { lastUpdatedAfter: new Date(0), lastUpdatedBefore: new Date(Date.now() + 60_000) };
    const activities = await client.activityRuns.queryByPipelineRun(GROUP, FACTORY, runId, window);
    assert.deepEqual(
      activities.value.map(({ activityName, status }) => [activityName, status]),
      ["GetWord", "CopyOrders", "Publish"].map((name) => [name, "Succeeded"]),
    );
    assert.equal(activities.value[1]?.output.rowsCopied, 2);
    const filters = [
      { operand: "PipelineName", operator: "Equals", values: ["copy_orders"] },
      { operand: "Status", operator: "In", values: ["Queued", "Succeeded"] },
    ];
    const runs = await client.pipelineRuns.queryByFactory(GROUP, FACTORY, { ...window, filters });
    assert.ok(runs.value.some((entry) => entry.runId === runId));
    const queued = [{ operand: "Status", operator: "Equals", values: ["Queued"] }];
    const none = await client.pipelineRuns.queryByFactory(GROUP, FACTORY, { ...window, filters: queued });
    assert.deepEqual(none.value, []);
  });

  it("refuses a request with Azure's status and a message that names the problem", async () => {
    const createRun = (pipeline: string, options: object) =>
      client.pipelines.createRun(GROUP, FACTORY, pipeline, options);
    await assert.rejects(createRun("copy_orders", {}), {
      statusCode: 400,
      message: /'Customer'.*has no value/,
    });
    await assert.rejects(createRun("nosuch", {}), { statusCode: 404, message: /no pipeline 'nosuch'/ });
    for (const option of [
      { referencePipelineRunId: "r" },
      { startActivityName: "Copy" },
      { startFromFailure: true },
      { isRecovery: true },
    ])
      await assert.rejects(createRun("copy_orders", option), {
        statusCode: 400,
        message: /does not rerun from a failed activity/,
      });
    await assert.rejects(client.pipelineRuns.get(GROUP, FACTORY, "nosuch"), { statusCode: 404 });
  });

  it("does not change a run that has ended when it is cancelled", async () => {
    const { runId } = await client.pipelines.createRun(GROUP, FACTORY, "copy_orders", {
      parameters: { Customer: "x" },
    });
    await factory.service.waitForRun(runId);
    await client.pipelineRuns.cancel(GROUP, FACTORY, runId);
    assert.equal((await client.pipelineRuns.get(GROUP, FACTORY, runId)).status, "Failed");
  });

  it("returns objects as they were put", async () => {
    const pipeline = await client.pipelines.get(GROUP, FACTORY, "copy_orders");
    assert.equal(pipeline.concurrency, 4);
    assert.equal(pipeline.activities?.length, 3);
    const dataset = await client.datasets.get(GROUP, FACTORY, "orders_csv");
    assert.equal(dataset.properties.type, "DelimitedText");
  });

  it("loses the repository of a factory that is put without it", async () => {
    const { location = "", identity, globalParameters } = await client.factories.get(GROUP, FACTORY);
    const repository = {
      type: "FactoryGitHubConfiguration" as const,
      accountName: "shop",
      repositoryName: "orders",
      collaborationBranch: "main",
      rootFolder: "/",
      disablePublish: true,
    };
    const put = async (repoConfiguration?: typeof repository) => {
      const given = repoConfiguration === undefined ? {} : { repoConfiguration };
      const body = {
        location,
        ...(identity && { identity }),
        ...(globalParameters && { globalParameters }),
        ...given,
      };
      await client.factories.createOrUpdate(GROUP, FACTORY, body);
      return (await client.factories.get(GROUP, FACTORY)).repoConfiguration;
    };
    assert.deepEqual(await put(repository), repository);
    assert.equal(await put(), undefined);
  });

  it("refuses to change and to delete a started trigger", async () => {
    const name = "copy_orders_daily";
    const state = async () => (await client.triggers.get(GROUP, FACTORY, name)).properties.runtimeState;
    const put = async () => {
      const { properties } = await client.triggers.get(GROUP, FACTORY, name);
      return client.triggers.createOrUpdate(GROUP, FACTORY, name, { properties });
    };
    const enabled = { statusCode: 400, code: "TriggerEnabledCannotUpdate", message: /disabled first/ };
    assert.equal(await state(), "Stopped");
    await client.triggers.beginStartAndWait(GROUP, FACTORY, name);
    assert.equal(await state(), "Started");
    await assert.rejects(put(), enabled);
    await assert.rejects(client.triggers.delete(GROUP, FACTORY, name), enabled);
    await client.triggers.beginStopAndWait(GROUP, FACTORY, name);
    await put();
    assert.equal(await state(), "Stopped");
  });

  it("refuses to delete what another object refers to, until that is gone", async () => {
    const referenced = (by: string) => ({
      statusCode: 400,
      code: "BadRequest",
      message: new RegExp(`cannot be deleted since it is referenced by ${by}`),
    });
    await assert.rejects(
      client.pipelines.delete(GROUP, FACTORY, "copy_orders"),
      referenced("copy_orders_daily"),
    );
    await assert.rejects(client.datasets.delete(GROUP, FACTORY, "orders_csv"), referenced("copy_orders"));
    await assert.rejects(client.linkedServices.delete(GROUP, FACTORY, "shop_web"), referenced("orders_csv"));
    assert.equal((await client.datasets.get(GROUP, FACTORY, "orders_csv")).name, "orders_csv");
    const typeProperties = { url: "http://127.0.0.1/", authenticationType: "Anonymous" };
    await factory.emulator.arm("PUT", `${factory.id}/linkedservices/unused`, {
      properties: { type: "HttpServer", typeProperties },
    });
    await client.linkedServices.delete(GROUP, FACTORY, "unused");
    const whole = `${factory.emulator.group}/providers/Microsoft.DataFactory/factories/adf-whole`;
    const put = (path: string, body: object) => factory.emulator.arm("PUT", `${whole}${path}`, body);
    await put("", { location: "westeurope" });
    await put("/linkedservices/web", { properties: { type: "HttpServer", typeProperties } });
    const linkedServiceName = { type: "LinkedServiceReference", referenceName: "web" };
    const { typeProperties: csv } = (await factory.emulator.arm("GET", `${factory.id}/datasets/orders_csv`))
      .json.properties;
    const made = await put("/datasets/csv", {
      properties: { type: "DelimitedText", linkedServiceName, typeProperties: csv },
    });
    assert.equal(made.status, 200, made.text);
    // What goes together may refer to each other.
    assert.equal((await factory.emulator.arm("DELETE", whole)).status, 200);
  });

  it("never answers the value of a SecureString", async () => {
    const path = `${factory.id}/linkedservices/secured`;
    const typeProperties = {
      functionAppUrl: "http://127.0.0.1/",
      functionKey: { type: "SecureString", value: "hush-hush" },
    };
    const put = await factory.emulator.arm("PUT", path, {
      properties: { type: "AzureFunction", typeProperties },
    });
    const answers = [
      put,
      await factory.emulator.arm("GET", path),
      await factory.emulator.arm("GET", `${factory.id}/linkedservices`),
      await factory.emulator.arm("GET", `${factory.emulator.group}/resources`),
    ];
    for (const { status, text } of answers) {
      assert.ok(status < 300);
      assert.doesNotMatch(text, /hush-hush/);
    }
    assert.deepEqual(put.json.properties.typeProperties.functionKey, {
      type: "SecureString",
      value: "**********",
    });
  });

  it("has no runs of a deleted factory of the same name", async () => {
    const { emulator, service } = factory;
    const id = `${emulator.group}/providers/Microsoft.DataFactory/factories/adf-again`;
    const create = async () => {
      await emulator.arm("PUT", id, { location: "westeurope" });
      await emulator.arm("PUT", `${id}/pipelines/wait`, {
        properties: { activities: [{ name: "w", type: "Wait", typeProperties: { waitTimeInSeconds: 1 } }] },
      });
    };
    const window = { lastUpdatedAfter: new Date(0), lastUpdatedBefore: new Date(Date.now() + 60_000) };
    const runs = async () =>
      (await client.pipelineRuns.queryByFactory(GROUP, "adf-again", window)).value.length;
    await create();
    const { runId } = await client.pipelines.createRun(GROUP, "adf-again", "wait");
    await service.waitForRun(runId);
    assert.equal(await runs(), 1);
    await emulator.arm("DELETE", id);
    await create();
    assert.equal(await runs(), 0);
    await assert.rejects(client.pipelineRuns.get(GROUP, "adf-again", runId), { statusCode: 404 });
  });

  it("answers a query for the runs of triggers", async () => {
    const window = { lastUpdatedAfter: new Date(0), lastUpdatedBefore: new Date(Date.now() + 60_000) };
    const filters = [{ operand: "TriggerName", operator: "Equals", values: ["copy_orders_daily"] }];
    const { value } = await client.triggerRuns.queryByFactory(GROUP, FACTORY, { ...window, filters });
    assert.deepEqual(value, []);
  });

  it("refuses an object with a reference to a missing object", async () => {
    const linkedServiceName = { referenceName: "nosuch", type: "LinkedServiceReference" };
    const dataset = { type: "AzureSqlTable", linkedServiceName } as const;
    const put = client.datasets.createOrUpdate(GROUP, FACTORY, "d", { properties: dataset });
    await assert.rejects(put, { statusCode: 400, message: /invalid reference 'nosuch'/ });
  });

  it("refuses a pipeline with an unsupported activity type and names the type", async () => {
    const { status, json } = await factory.emulator.arm("PUT", `${factory.id}/pipelines/p`, {
      properties: { activities: [{ name: "a", type: "DatabricksNotebook", typeProperties: {} }] },
    });
    assert.equal(status, 400);
    assert.match(json.error.message, /'DatabricksNotebook'/);
  });

  it("refuses a principal without the role", async () => {
    const { context } = factory.emulator;
    const stranger = context.principals.ofResource(
      `${factory.emulator.group}/providers/X.Y/z/stranger`,
      "stranger",
    );
    const { token } = context.tokens.issue(stranger, ARM_AUDIENCE);
    const { status } = await factory.emulator.arm(
      "POST",
      `${factory.id}/pipelines/copy_orders/createRun`,
      {},
      token,
    );
    assert.equal(status, 403);
  });
});
