import assert from "node:assert/strict";
import { fivetranSettings } from "./fivetran-settings";

describe("fivetranSettings", () => {
  const settings = fivetranSettings({ functionApp: "func-1", functionName: "fivetran", functionKey: "key" });

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

  it("lets the database sleep between two syncs, with a frequency that Fivetran has", () => {
    assert.equal(settings.rest.sync_frequency, 360);
    assert.equal(settings.terraform.schedule.sync_frequency, 360);
  });
});
