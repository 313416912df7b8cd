import assert from "node:assert/strict";
import { ArmError } from "../../control-plane/local-service";
import { requireLogCategories, requireMetricAlert, requireQueryRule, requireRetention } from "./monitoring";

const group = "/subscriptions/s/resourceGroups/rg/providers";
const factory = `${group}/Microsoft.DataFactory/factories/adf`;

/** What is said if the request is refused. */
function said(put: () => void): string | undefined {
  try {
    put();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ArmError && error.status === 400);
    return error.message;
  }
}

const metricAlert = (condition: object, rest: object = {}) =>
  said(() =>
    requireMetricAlert({
      id: "",
      body: {
        properties: {
          ...{ scopes: [factory], evaluationFrequency: "PT5M", windowSize: "PT15M" },
          criteria: { allOf: [{ metricName: "PipelineFailedRuns", ...condition }] },
          ...rest,
        },
      },
    }),
  );
const queryRule = (rest: object) =>
  said(() =>
    requireQueryRule({
      id: "",
      body: { properties: { evaluationFrequency: "PT1H", windowSize: "P1D", ...rest } },
    }),
  );

describe("a metric alert", () => {
  it("names a metric of its scope", () => {
    assert.equal(metricAlert({}), undefined);
    assert.equal(metricAlert({ metricNamespace: "microsoft.datafactory/Factories" }), undefined);
    assert.equal(metricAlert({ metricName: "SSISPackageExecutionFailed" }), undefined);
    assert.match(metricAlert({ metricName: "PipelineFailedRun" }) ?? "", /Couldn't find a metric named/);
    assert.match(metricAlert({ metricNamespace: "" }) ?? "", /Couldn't find a metric named/);
    assert.match(
      metricAlert({}, { scopes: [`${group}/Microsoft.Automation/automationAccounts/aa`] }) ?? "",
      /Couldn't find a metric named PipelineFailedRuns/,
    );
    assert.equal(metricAlert({ metricName: "Ours", skipMetricValidation: true }), undefined);
    // Nothing is known of the metrics of other types.
    assert.equal(metricAlert({}, { scopes: [`${group}/Microsoft.Cache/redis/r`] }), undefined);
  });

  it("splits by dimensions of its metric", () => {
    const by = (name: string) => metricAlert({ dimensions: [{ name, operator: "Include", values: ["x"] }] });
    assert.equal(by("Name"), undefined);
    assert.match(by("Status") ?? "", /does not support requested dimension combination: Status/);
  });

  it("is evaluated at Azure's intervals", () => {
    const spans = (evaluationFrequency: unknown, windowSize: unknown) =>
      metricAlert({}, { evaluationFrequency, windowSize });
    assert.equal(spans("PT1M", "PT1M"), undefined);
    assert.equal(spans("PT1H", "P1D"), undefined);
    assert.equal(spans("PT1H", "PT24H"), undefined);
    for (const [frequency, window] of [
      ["PT2M", "PT15M"],
      ["PT5M", "PT20M"],
      ["PT15M", "PT5M"],
      ["PT5M", ""],
      ["", "PT5M"],
      ["pt5m", "PT15M"],
    ])
      assert.match(spans(frequency, window) ?? "", /not supported/, `${frequency} ${window}`);
  });
});

describe("a query rule", () => {
  it("has windows that Azure has", () => {
    assert.equal(queryRule({}), undefined);
    assert.equal(queryRule({ windowSize: "P2D", evaluationFrequency: "PT1M" }), undefined);
    for (const rest of [{ windowSize: "P3D" }, { windowSize: "PT1M" }, { evaluationFrequency: "P2D" }])
      assert.match(queryRule(rest) ?? "", /Supported granularities are: /);
    // The alert of another kind, which a metric reads.
    assert.equal(
      said(() => requireQueryRule({ id: "", body: { properties: {} } })),
      undefined,
    );
  });

  it("looks back over a span that Azure has", () => {
    assert.equal(queryRule({ overrideQueryTimeRange: "P2D" }), undefined);
    assert.equal(queryRule({ overrideQueryTimeRange: "PT20M" }), undefined);
    assert.match(queryRule({ overrideQueryTimeRange: "P3D" }) ?? "", /overrideQueryTimeRange/);
  });

  it("mutes for a span that Azure has", () => {
    const mute = (muteActionsDuration: string, rest: object = { autoMitigate: false }) =>
      queryRule({ muteActionsDuration, ...rest });
    assert.equal(mute("P1D"), undefined);
    assert.match(mute("PT12H") ?? "", /muteActionsDuration/);
    assert.match(mute("PT30M") ?? "", /EvaluationFrequency cannot be greater/);
    assert.match(mute("P1D", {}) ?? "", /AutoMitigate/);
  });

  it("counts one to six periods", () => {
    const periods = (numberOfEvaluationPeriods: number, minFailingPeriodsToAlert: number) =>
      queryRule({
        criteria: { allOf: [{ failingPeriods: { numberOfEvaluationPeriods, minFailingPeriodsToAlert } }] },
      });
    assert.equal(periods(1, 1), undefined);
    assert.equal(periods(6, 6), undefined);
    for (const [all, failing] of [
      [0, 0],
      [7, 1],
      [1, 2],
      [1, 0],
    ] as const)
      assert.match(periods(all, failing) ?? "", /failingPeriods/);
  });
});

describe("a diagnostic setting", () => {
  it("names categories of its resource", () => {
    const log = (category: string, of = factory) =>
      said(() =>
        requireLogCategories({
          id: `${of}/providers/Microsoft.Insights/diagnosticSettings/all`,
          body: { properties: { logs: [{ category, enabled: true }, { categoryGroup: "allLogs" }] } },
        }),
      );
    assert.equal(log("PipelineRuns"), undefined);
    assert.equal(log("pipelineruns"), undefined);
    assert.equal(log("JobLogs"), "Category 'JobLogs' is not supported.");
    assert.equal(log("Errors", `${group}/Microsoft.Sql/servers/s/databases/d`), undefined);
    assert.equal(log("Anything", `${group}/Microsoft.Cache/redis/r`), undefined);
  });
});

describe("a log workspace", () => {
  it("keeps its logs for 30 to 730 days", () => {
    const days = (retentionInDays: unknown, name = "PerGB2018") =>
      said(() => requireRetention({ id: "", body: { properties: { sku: { name }, retentionInDays } } }));
    for (const right of [30, 730, undefined]) assert.equal(days(right), undefined);
    for (const wrong of [0, 29, 731, -1]) assert.match(days(wrong) ?? "", /RetentionInDays/);
    assert.equal(days(7, "Free"), undefined);
  });
});
