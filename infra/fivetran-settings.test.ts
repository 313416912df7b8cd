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

  it("returns a body that Fivetran's REST interface takes, except for the destination", () => {
    assert.equal(settings.rest.service, "azure_function");
    assert.deepEqual(settings.rest.config, {
      schema: "quantemplate",
      connection_method: "DIRECT",
      function_app: "func-1",
      function_name: "fivetran",
      function_key: "key",
    });
  });

  it("returns a configuration for the Connector SDK, with the keys of its example", () => {
    const example = readFileSync(join(__dirname, "..", "connector-sdk", "configuration.json"), "utf8");
    assert.deepEqual(settings.connectorSdk, {
      function_url: "https://func-1.azurewebsites.net/api/fivetran",
      function_key: "key",
    });
    assert.deepEqual(Object.keys(settings.connectorSdk), Object.keys(JSON.parse(example) as object));
  });

  it("sets a frequency that Fivetran offers and that lets the database pause between syncs", () => {
    assert.equal(settings.rest.sync_frequency, 360);
    assert.equal(settings.terraform.schedule.sync_frequency, 360);
  });
});
