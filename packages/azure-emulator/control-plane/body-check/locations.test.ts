import assert from "node:assert/strict";
import { checkLocation } from "./locations";

describe("locations", () => {
  const refused = (type: string, location: string, code: string) =>
    assert.throws(() => checkLocation(type, location), { status: 400, code });

  it("of a group are public regions", () => {
    for (const location of ["westeurope", "West Europe", "WESTEUROPE"])
      checkLocation("Microsoft.Resources/resourceGroups", location);
    refused("Microsoft.Resources/resourceGroups", "atlantis", "LocationNotAvailableForResourceGroup");
    refused("Microsoft.Resources/resourceGroups", "global", "LocationNotAvailableForResourceGroup");
  });

  it("of a resource are public regions", () => {
    checkLocation("Microsoft.Sql/servers", "Sweden Central");
    checkLocation("Microsoft.Insights/metricAlerts", "global");
    checkLocation("Microsoft.Insights/actionGroups", "Global");
    refused("Microsoft.Sql/servers", "atlantis", "LocationNotAvailableForResourceType");
    refused("Microsoft.Sql/servers", "global", "LocationNotAvailableForResourceType");
  });
});
