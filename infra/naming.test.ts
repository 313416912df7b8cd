import assert from "node:assert/strict";
import fc from "fast-check";
import { type ResourceNames, resourceNames, stableGuid } from "./naming";

/** Azure's rule for each kind: length and characters (Microsoft's "Naming rules and restrictions"). */
const azureRules: Record<keyof ResourceNames, RegExp> = {
  resourceGroup: /^[-\w.()]{1,89}[-\w()]$/,
  keyVault: /^(?!.*--)[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
  storageAccount: /^[a-z0-9]{3,24}$/,
  workspace: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
  applicationInsights: /^[\w().-]{1,259}[\w()-]$/,
  actionGroup: /^[\w-]{1,260}$/,
  sqlServer: /^(?!-)[a-z0-9-]{1,63}(?<!-)$/,
  dataFactory: /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/,
  automationAccount: /^[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]$/,
  plan: /^[A-Za-z0-9-]{1,40}$/,
  functionApp: /^(?!-)[A-Za-z0-9-]{2,32}(?<!-)$/,
  functionIdentity: /^[A-Za-z0-9][\w-]{2,127}$/,
  pipelineStarterRole: /^.{1,512}$/,
  virtualNetwork: /^\w[\w.-]{0,62}\w$/,
  privateEndpoints: /^\w[\w.-]{0,56}\w$/,
  // Before the longest name that follows it; a budget's ends at 63.
  alertRules: /^[\w-]{1,56}$/,
  sqlDatabase: /^[\w-]{1,128}$/,
  runbook: /^[A-Za-z][\w-]{0,62}$/,
  // Before the longest of the variables' own names.
  automationVariables: /^[\w-]{1,106}$/,
  vaultSecret: /^[A-Za-z0-9-]{1,127}$/,
};

const stack = fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/);
const location = fc.constantFrom("westeurope", "uksouth", "germanywestcentral", "southeastasia", "us2");
const suffix = fc.stringMatching(/^[a-z0-9]{6}$/);

describe("resourceNames", () => {
  it("keeps every name within Azure's rules, whatever the tenant is called", () => {
    fc.assert(
      fc.property(stack, location, suffix, (stack, location, suffix) => {
        for (const [kind, name] of Object.entries(resourceNames({ stack, location, suffix }))) {
          assert.match(name, azureRules[kind as keyof ResourceNames], kind);
        }
      }),
    );
  });

  it("never cuts the suffix, so two deployments never share a name", () => {
    fc.assert(
      fc.property(stack, location, suffix, (stack, location, suffix) => {
        for (const name of Object.values(resourceNames({ stack, location, suffix })))
          assert.ok(name.endsWith(suffix));
      }),
    );
  });

  it("includes tenant and region if there is room", () => {
    const names = resourceNames({ stack: "acme", location: "westeurope", suffix: "x7k2p9" });
    assert.equal(names.resourceGroup, "rg-qt-acme-westeurope-x7k2p9");
    assert.equal(names.keyVault, "kv-qt-acme-x7k2p9");
    assert.equal(names.storageAccount, "stqtacmewesteuropex7k2p9");
  });

  it("fills in a tenant's own patterns, each part as the kind takes it, and cuts none", () => {
    const patterns = {
      keyVault: "kv-{tenant}-weu-p01",
      storageAccount: "stdata{tenant}{suffix}",
      dataFactory: "adf-{tenant}-{region}-{suffix}-a-long-end-that-nobody-cuts-off-not-even-here",
    };
    const names = resourceNames({
      stack: "Acme_UK",
      location: "westeurope",
      suffix: "x7k2p9",
      patterns,
    });
    assert.equal(names.keyVault, "kv-acme-uk-weu-p01");
    assert.equal(names.storageAccount, "stdataacmeukx7k2p9");
    assert.equal(
      names.dataFactory,
      "adf-acme-uk-westeurope-x7k2p9-a-long-end-that-nobody-cuts-off-not-even-here",
    );
    assert.equal(names.sqlServer, "sql-qt-acme-uk-westeurope-x7k2p9");
  });
});

describe("stableGuid", () => {
  it("is a GUID of version 8: the same for the same parts, and another for other parts", () => {
    assert.match(
      stableGuid("a", "b"),
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.equal(stableGuid("a", "b"), stableGuid("a", "b"));
    assert.notEqual(stableGuid("a", "b"), stableGuid("ab"));
  });
});
