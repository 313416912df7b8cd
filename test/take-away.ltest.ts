import assert from "node:assert/strict";
import { sendEvent, sync } from "../local/commands/emulator-client";
import type { FlowStep } from "../packages/azure-emulator/control-plane/flow-log";
import type { ArmResource } from "../packages/azure-emulator/control-plane/resource";
import { armClient } from "./support/arm-client";
import { datasetUpdated, deployedEmulator, jobEnd, keyed, land, type TestEmulator } from "./support/emulator";
import { reconcile } from "./support/reconciliation";

describe("Take away any one thing that was deployed", () => {
  let local: TestEmulator;
  before(async () => {
    local = await deployedEmulator();
    const first = await land(local.environment, keyed, 0);
    assert.equal(first.status, "succeeded", first.error);
    await sync(local.environment);
  });
  after(() => local.close());

  /** Runs with the resources removed, and restores them. */
  async function without(missing: readonly ArmResource[], run: () => Promise<void>) {
    const { resources } = local.running.azure.context;
    assert.ok(missing.length > 0, "nothing of the kind is deployed");
    for (const { id } of missing) await resources.remove(id);
    try {
      await run();
    } finally {
      for (const resource of missing) await resources.set(resource);
    }
  }
  const send = async () =>
    jobEnd(local.environment, await sendEvent(local.environment, datasetUpdated(keyed)));

  /** Resolves when the function serves again: it notices a new role by itself, and restarts a moment later. */
  async function functionServes() {
    const { url, key } = local.environment.function;
    const headers = { "x-functions-key": key, "content-type": "application/json" };
    const call = { method: "POST", headers, body: '{"state":{},"setup_test":true}' };
    const status = async () =>
      fetch(url, call).then(
        (answer) => answer.status,
        () => 0, // between the old process and the new one
      );
    while ((await status()) !== 200);
  }

  it("each Automation variable: the job fails and names it", async () => {
    const variables = armClient(local).list("Microsoft.Automation/automationAccounts/variables");
    assert.deepEqual(variables.map(({ name }) => name).sort(), [
      "ADF-CredentialName",
      "ADF-DataFactoryName",
      "ADF-ResourceGroupName",
      "ADF-SubscriptionID",
      "ADF-TenantID",
      "QT-Datasets",
      "QT-WaitForEnd",
    ]);
    for (const variable of variables) {
      await without([variable], async () => {
        const runs = (await armClient(local).pipelineRuns()).length;
        const end = await send();
        assert.equal(end.status, "failed", variable.name);
        assert.match(end.error, new RegExp(variable.name));
        assert.equal((await armClient(local).pipelineRuns()).length, runs);
      });
    }
  });

  it("each role assignment: the hop that needed it fails and names the action", async () => {
    const { flow } = local.running.azure.context;
    const assignments = armClient(local).list("Microsoft.Authorization/roleAssignments");
    const broken: string[] = [];
    for (const assignment of assignments) {
      const steps: FlowStep[] = [];
      const stopListening = flow.subscribe((step) => steps.push(step));
      await without([assignment], async () => {
        const end = await send();
        const synced = await sync(local.environment).then(
          () => "",
          (error: Error) => error.message,
        );
        const dropped = steps.some(({ name, status }) => name === "telemetry" && status === "failed");
        if (end.status === "failed") {
          assert.match(end.error, /authoriz|forbidden|403/i);
          broken.push(
            /vault|secret/i.test(end.error) ? "the factory reads the secret" : "the runbook starts pipelines",
          );
        } else if (synced !== "") {
          assert.match(synced, /503|Microsoft\.Storage/);
          broken.push("the function reads its package");
        } else if (dropped) {
          broken.push("the function sends telemetry");
        } else {
          const run = (await reconcile(armClient(local))).find(
            ({ activityName }) => activityName === "ReadWebhook",
          );
          assert.equal(run?.status, "Failed", `nothing broke without ${assignment.name}`);
          assert.match(run.error?.message ?? "", /authoriz|forbidden|403/i);
          broken.push("the factory reads the webhook");
        }
      });
      stopListening();
      await functionServes();
    }
    assert.deepEqual(broken.sort(), [
      "the factory reads the secret",
      "the factory reads the webhook",
      "the function reads its package",
      "the function sends telemetry",
      "the runbook starts pipelines",
    ]);
  });

  it("the secret: GetSecret fails and names it", async () => {
    const secrets = armClient(local).list("Microsoft.KeyVault/vaults/secrets");
    await without(secrets, async () => {
      const end = await send();
      assert.equal(end.status, "failed");
      assert.match(end.error, /secret/i);
    });
  });

  it("each global parameter of the factory: the run fails and names it, but for the id that the secret has too", async () => {
    const arm = armClient(local);
    const factory = local.running.azure.context.resources.get(arm.factory);
    assert.ok(factory !== undefined);
    const globals = factory.properties.globalParameters as Record<string, unknown>;
    assert.ok(Object.keys(globals).length > 0);
    for (const name of Object.keys(globals)) {
      const { [name]: _, ...others } = globals;
      const restore = await arm.setStored(arm.factory, { globalParameters: others });
      const end = await send();
      await restore();
      // The secret's own tag says whose it is; a version of the secret without the tag needs the parameter.
      assert.equal(end.status, name === "qtClientId" ? "succeeded" : "failed", name);
      if (end.status === "failed") assert.match(end.error, new RegExp(name));
    }
  });

  it("each app setting of the function: the sync fails and names it", async () => {
    const arm = armClient(local);
    const [site] = arm.list("Microsoft.Web/sites");
    assert.ok(site !== undefined);
    const answer = await arm.request("POST", `${site.id}/config/appsettings/list`);
    const { properties } = (await answer.json()) as { properties: Record<string, string> };
    for (const name of ["SQL_SERVER", "SQL_DATABASE"]) {
      const { [name]: _, ...others } = properties;
      await arm.put(`${site.id}/config/appsettings`, { properties: others });
      await assert.rejects(sync(local.environment), new RegExp(name));
    }
    await arm.put(`${site.id}/config/appsettings`, { properties });
    await sync(local.environment);
  });

  it("with everything restored the chain works", async () => {
    const end = await land(local.environment, keyed, 1);
    assert.equal(end.status, "succeeded", end.error);
    assert.equal((await sync(local.environment)).updates, end.manifest.changed);
  });
});
