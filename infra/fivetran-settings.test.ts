import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fivetranSettings } from "./fivetran-settings";

describe("fivetranSettings", () => {
  const settings = fivetranSettings({
    functionApp: "func-1",
    functionName: "fivetran",
    functionKey: "key",
    functionUrl: "https://func-1.azurewebsites.net/api/fivetran",
  });

  it("is a body that Fivetran's REST interface takes, but for the destination", () => {
    assert.equal(settings.rest.service, "azure_function");
    assert.deepEqual(settings.rest.config, {
      schema: "quantemplate",
      connection_method: "DIRECT",
      function_app: "func-1",
      function_name: "fivetran",
      function_key: "key",
    });
  });

  it("is a configuration of the connector for the Connector SDK, with the keys of its example", () => {
    const example = readFileSync(join(__dirname, "..", "connector-sdk", "configuration.json"), "utf8");
    assert.deepEqual(settings.connectorSdk, {
      function_url: "https://func-1.azurewebsites.net/api/fivetran",
      function_key: "key",
    });
    assert.deepEqual(Object.keys(settings.connectorSdk), Object.keys(JSON.parse(example) as object));
  });

  it("lets the database sleep between two syncs, with a frequency that Fivetran has", () => {
    assert.equal(settings.rest.sync_frequency, 360);
    assert.equal(settings.terraform.schedule.sync_frequency, 360);
  });
});
