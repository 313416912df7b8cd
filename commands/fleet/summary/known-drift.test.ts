import assert from "node:assert/strict";
import { changesFromEvents } from ".";

describe("what is known to drift", () => {
  type Inputs = Readonly<Record<string, unknown>>;
  const found = (type: string, before: Inputs, after: Inputs, differing: readonly string[]) => {
    const urn = `urn:pulumi:acme::q::${type}::r`;
    const detailedDiff = Object.fromEntries(differing.map((path) => [path, { kind: "update" }]));
    const state = (inputs: Inputs) => ({ custom: true, inputs, outputs: inputs });
    const [old, now] = [state(before), state(after)];
    return changesFromEvents([
      { sequence: 0, resourcePreEvent: { metadata: { op: "refresh", urn, type, old, new: old } } },
      {
        sequence: 1,
        resOutputsEvent: { metadata: { op: "update", urn, type, old, new: now, detailedDiff } },
      },
      { sequence: 2, summaryEvent: {} },
    ]).steps.map(({ op, changes }) => [op, ...changes.map(({ path }) => path)]);
  };
  const app = "azure-native:web:WebApp";
  const runbook = "azure-native:automation:Runbook";
  const config = { linuxFxVersion: "NODE|24", numberOfWorkers: 1 };

  it("is no change: the configuration that Azure fills in of an app, and a runbook's draft", () => {
    assert.deepEqual(found(app, { kind: "a" }, { kind: "a", siteConfig: config }, ["siteConfig"]), []);
    const inEdit = { draft: { inEdit: true } };
    assert.deepEqual(found(runbook, { draft: {} }, inEdit, ["draft.inEdit"]), []);
    assert.deepEqual(found(runbook, { draft: {} }, inEdit, []), []);
  });

  it("hides nothing beside it", () => {
    const both = found(app, { httpsOnly: true }, { httpsOnly: false, siteConfig: config }, [
      "httpsOnly",
      "siteConfig",
    ]);
    assert.deepEqual(both, [["update", "httpsOnly"]]);
    assert.deepEqual(found(runbook, { draft: {}, logVerbose: false }, { logVerbose: true }, []), [
      ["update", "logVerbose"],
    ]);
    const plan = found("azure-native:web:AppServicePlan", {}, { draft: {} }, ["draft"]);
    assert.deepEqual(plan, [["update", "draft"]]);
  });
});
