import assert from "node:assert/strict";
import { destinationRows, sendEvent, sync } from "../local/commands/emulator-client";
import { missingPython, runConnector } from "../local/saas/fivetran/connector-sdk/connector-run";
import { skip } from "../packages/kit/testing/skip";
import { armClient } from "./support/arm-client";
import { datasetUpdated, jobEnd, keyed, land, useEmulator } from "./support/emulator";

interface Activity {
  readonly name: string;
  readonly typeProperties: Record<string, unknown>;
}

/** The activity, with another URL in Login, which may be inside it. */
function withLoginAt(activity: Activity, url: string): Activity {
  const { activities: inner } = activity.typeProperties;
  if (activity.name === "Login") return { ...activity, typeProperties: { ...activity.typeProperties, url } };
  if (!Array.isArray(inner)) return activity;
  const activities = inner.map((one: Activity) => withLoginAt(one, url));
  return { ...activity, typeProperties: { ...activity.typeProperties, activities } };
}

describe("The emulator runs what was deployed", () => {
  const local = useEmulator();

  it("the pipeline is the one in the factory: another URL in Login changes the run", async () => {
    const arm = armClient(local());
    const id = `${arm.factory}/pipelines/${local().environment.dataFactory.pipelineName}`;
    const pipeline = (await (await arm.request("GET", id)).json()) as {
      properties: { activities: Activity[] };
    };
    const elsewhere = `${local().environment.quantemplate.endpoint}elsewhere`;
    const activities = pipeline.properties.activities.map((activity) => withLoginAt(activity, elsewhere));
    await arm.put(id, { properties: { ...pipeline.properties, activities } });
    const changed = await jobEnd(
      local().environment,
      await sendEvent(local().environment, datasetUpdated(keyed)),
    );
    assert.equal(changed.status, "failed");
    assert.match(changed.error, /elsewhere/);

    await arm.put(id, { properties: pipeline.properties });
    const restored = await land(local().environment, keyed, 0);
    assert.equal(restored.status, "succeeded", restored.error);
  });

  it("the runbook is the published one: the twin refuses to replace any other", async () => {
    const arm = armClient(local());
    const runbook = `${arm.account}/runbooks/${local().environment.automation.runbookName}`;
    const content = await (await arm.request("GET", `${runbook}/content`)).text();
    await arm.putText(`${runbook}/draft/content`, `${content}\n# changed by hand`);
    await arm.request("POST", `${runbook}/publish`);
    const changed = await jobEnd(
      local().environment,
      await sendEvent(local().environment, datasetUpdated(keyed)),
    );
    // With PowerShell installed, any published script runs.
    if (changed.status === "failed") assert.match(changed.error, /QT2001/);

    await arm.putText(`${runbook}/draft/content`, content);
    await arm.request("POST", `${runbook}/publish`);
    const restored = await jobEnd(
      local().environment,
      await sendEvent(local().environment, datasetUpdated(keyed)),
    );
    assert.equal(restored.status, "succeeded", restored.error);
  });

  it("the function reads only its deployed app settings", async () => {
    const arm = armClient(local());
    const [site] = arm.list("Microsoft.Web/sites");
    assert.ok(site !== undefined);
    const answer = await arm.request("POST", `${site.id}/config/appsettings/list`);
    const { properties } = (await answer.json()) as { properties: Record<string, string> };
    // Set in the emulator's own environment, which the function must not see.
    process.env.SQL_DATABASE = properties.SQL_DATABASE;
    try {
      const { SQL_DATABASE: _, ...others } = properties;
      await arm.put(`${site.id}/config/appsettings`, { properties: others });
      await assert.rejects(sync(local().environment), /SQL_DATABASE/);
      await arm.put(`${site.id}/config/appsettings`, {
        properties: { ...properties, SQL_DATABASE: "another" },
      });
      await assert.rejects(sync(local().environment), /another/);
    } finally {
      delete process.env.SQL_DATABASE;
      await arm.put(`${site.id}/config/appsettings`, { properties });
    }
    await sync(local().environment);
  });

  it("the Connector SDK connector reads the same function, and only with its key", async function () {
    const missing = await missingPython();
    if (missing !== undefined) {
      skip(this, missing);
    }
    const { arm, function: endpoint } = local().environment;
    const read = (key: string) =>
      runConnector({ function_url: endpoint.url, function_key: key }, {}, { caFile: arm.caFile });
    assert.match((await read("not-the-key")).error?.message ?? "", /status 401; check function_key/);
    const { error, pages } = await read(endpoint.key);
    assert.equal(error, undefined);
    const sent = pages
      .flatMap(({ operations }) => operations)
      .filter(({ op, table }) => op === "upsert" && table === "premium_bordereau");
    assert.equal(sent.length, (await destinationRows(local().environment, "premium_bordereau")).length);
  });
});
