import assert from "node:assert/strict";
import type { ArmResource } from "../../packages/azure-emulator/control-plane/resource";
import { useEmulator } from "../support/emulator";
import { watchingFaults } from "./watching";

type Properties = Record<string, unknown>;

describe("Who watches a deployed tenant", () => {
  const emulator = useEmulator();
  const deployed = () => structuredClone(emulator().running.azure.context.resources.list());
  /** What nobody would be told after a change of one resource. */
  function faultsWith(
    name: string,
    change: (properties: Properties, resource: ArmResource) => void,
  ): string[] {
    const resources = deployed();
    const found = resources.find((resource) => resource.name === name);
    assert.ok(found !== undefined, name);
    change(found.properties as Properties, found);
    return watchingFaults(resources);
  }
  const condition = (properties: Properties) => (properties.criteria as { allOf: [Properties] }).allOf[0];

  it("is told everything", () => {
    assert.deepEqual(watchingFaults(deployed()), []);
  });

  it("is not told of a metric that nobody reads right", () => {
    const lost = ["nobody is told: a pipeline run failed"];
    const changes: readonly ((properties: Properties) => void)[] = [
      (rule) => Object.assign(rule, { enabled: false }),
      (rule) => Object.assign(rule, { scopes: ["/subscriptions/s/resourceGroups/rg"] }),
      (rule) => Object.assign(rule, { severity: 4 }),
      (rule) => Object.assign(condition(rule), { threshold: 1 }),
      (rule) => Object.assign(condition(rule), { operator: "LessThan" }),
      (rule) => Object.assign(condition(rule), { timeAggregation: "Average" }),
      (rule) => Object.assign(condition(rule), { metricName: "PipelineSucceededRuns" }),
      (rule) => Object.assign(rule, { actions: [{ actionGroupId: "/no/such/group" }] }),
    ];
    for (const change of changes)
      assert.deepEqual(faultsWith("pipeline-failed", change), lost, String(change));
  });

  it("is not told of a job whose status the rule leaves out", () => {
    const faults = faultsWith("job-failed", (rule) => {
      (condition(rule).dimensions as { values: string[] }[])[0]?.values.pop();
    });
    assert.deepEqual(faults, ["nobody is told: a job is Suspended"]);
  });

  it("is not told what a query cannot see", () => {
    const lost = ["nobody is told: a dataset is not loaded"];
    const changes: readonly ((properties: Properties) => void)[] = [
      (rule) => Object.assign(condition(rule), { query: `${condition(rule).query}x` }),
      (rule) => Object.assign(rule, { overrideQueryTimeRange: "P1D" }),
      (rule) => Object.assign(rule, { autoMitigate: true }),
      (rule) =>
        Object.assign(condition(rule), { dimensions: [{ name: "No", operator: "Include", values: ["*"] }] }),
      (rule) => Object.assign(condition(rule), { threshold: -1 }),
    ];
    for (const change of changes)
      assert.deepEqual(faultsWith("dataset-not-loaded", change), lost, String(change));
  });

  it("is not told what is not logged, or not sent", () => {
    const settings = deployed().filter(({ type }) => type.endsWith("diagnosticSettings"));
    assert.ok(settings.length >= 4);
    for (const { id } of settings) {
      const left = deployed().filter((resource) => resource.id !== id);
      assert.match(watchingFaults(left).join("\n"), /is not kept/, id);
    }
    const faults = faultsWith("appsettings", (properties) => {
      delete properties.APPLICATIONINSIGHTS_AUTHENTICATION_STRING;
    });
    assert.match(faults.join("\n"), /the telemetry of .* is not kept/);
  });
});
