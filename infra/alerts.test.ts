import assert from "node:assert/strict";

import deployTenant = require("./index");

import { type AskedResource, runWithMocks } from "./testing/mock-cloud";
import { tenantConfig } from "./testing/tenant";

describe("the alerts", () => {
  let rules: AskedResource[];
  before(async () => {
    const { resources } = await runWithMocks(deployTenant, tenantConfig({}), ["quantemplate:clientSecret"]);
    rules = resources.filter(({ type }) => /:monitor:(MetricAlert|ScheduledQueryRule)$/.test(type));
  });
  const conditionOf = ({ criteria }: AskedResource["inputs"]) =>
    (criteria as { allOf: [Readonly<Record<string, unknown>>] }).allOf[0];
  const inputsOf = (name: string) => {
    const rule = rules.find((one) => one.name === name);
    assert.ok(rule !== undefined, name);
    return rule.inputs;
  };

  it("are these", () => {
    assert.deepEqual(rules.map(({ name }) => name).sort(), [
      "cells-emptied",
      "changes-without-event",
      "dataset-not-loaded",
      "function-errors",
      "function-requests-failed",
      "function-silent",
      "job-failed",
      "pipeline-cancelled",
      "pipeline-failed",
      "webhook-expires",
    ]);
  });

  it("see failed and cancelled runs, and calls that failed without an answer, by a metric, which needs no table", () => {
    const metrics = ["pipeline-failed", "pipeline-cancelled", "function-requests-failed"].map((name) =>
      conditionOf(inputsOf(name)),
    );
    assert.deepEqual(
      metrics.map(({ metricName, timeAggregation, threshold }) => [metricName, timeAggregation, threshold]),
      [
        ["PipelineFailedRuns", "Total", 0],
        ["PipelineCancelledRuns", "Total", 0],
        ["requests/failed", "Count", 0],
      ],
    );
  });

  it("stay until somebody closes them if they are about something absent, and mail once a day", () => {
    for (const name of ["dataset-not-loaded", "function-silent"]) {
      const { autoMitigate, muteActionsDuration, overrideQueryTimeRange } = inputsOf(name);
      assert.deepEqual(
        [autoMitigate, muteActionsDuration, overrideQueryTimeRange],
        [false, "P1D", "P2D"],
        name,
      );
    }
  });

  it("see as far back as their queries look", () => {
    for (const { name, inputs } of rules) {
      const query = conditionOf(inputs).query as string | undefined;
      if (query?.includes("ago(")) assert.equal(inputs.overrideQueryTimeRange, "P2D", name);
    }
  });

  it("on logs are deployed before their tables have a row", () => {
    const onLogs = rules.filter(({ type }) => type.endsWith("ScheduledQueryRule"));
    assert.equal(onLogs.length, 6);
    for (const { inputs } of onLogs) assert.equal(inputs.skipQueryValidation, true);
  });
});
