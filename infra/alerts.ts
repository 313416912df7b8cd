import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "./placement";

export interface AlertsArgs extends Placement {
  readonly factoryId: pulumi.Input<string>;
  readonly automationId: pulumi.Input<string>;
  readonly functionAppName: pulumi.Input<string>;
  readonly workspaceId: pulumi.Input<string>;
  readonly actionGroupIds: readonly pulumi.Input<string>[];
  /** The datasets that must each be loaded at least once a day. */
  readonly datasetIds: readonly string[];
  readonly pipelineName: string;
}

interface MetricCondition {
  readonly metricName: string;
  readonly metricNamespace: string;
  readonly dimensions?: { name: string; operator: string; values: string[] }[];
}

/** The alerts: on failures, and on loads that did not happen. */
export class Alerts extends pulumi.ComponentResource {
  constructor(
    name: string,
    private readonly args: AlertsArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("quantemplate:azure:Alerts", name, {}, options);
    this.onMetric("pipeline-failed", "A Data Factory pipeline run failed.", args.factoryId, {
      metricNamespace: "Microsoft.DataFactory/factories",
      metricName: "PipelineFailedRuns",
    });
    this.onMetric(
      "job-failed",
      "A runbook job failed, so an event of Quantemplate had no effect.",
      args.automationId,
      {
        metricNamespace: "Microsoft.Automation/automationAccounts",
        metricName: "TotalJob",
        dimensions: [{ name: "Status", operator: "Include", values: ["Failed", "Stopped", "Suspended"] }],
      },
    );
    this.onQuery("dataset-not-loaded", {
      description:
        "A configured dataset was not loaded for 26 hours: neither an event nor the daily reconciliation did.",
      query: missingLoadsQuery(args.datasetIds, args.pipelineName),
      evaluationFrequency: "PT1H",
      windowSize: "P1D",
      // The query looks back 26 hours by itself.
      overrideQueryTimeRange: "P2D",
      dimension: "DatasetID",
    });
    this.onQuery("function-errors", {
      description:
        "The Fivetran function reported errors. To Fivetran they are HTTP 200, so no count of 5xx sees them.",
      query: pulumi.output(args.functionAppName).apply(functionErrorsQuery),
      evaluationFrequency: "PT15M",
      windowSize: "PT15M",
    });
    this.onQuery("cells-emptied", {
      description:
        "A load published, but emptied cells whose values do not convert, because their columns have onError null. The alert names dataset and columns.",
      severity: 2,
      query: emptiedCellsQuery(args.pipelineName),
      evaluationFrequency: "PT15M",
      windowSize: "PT15M",
      dimension: "Emptied",
    });
    this.registerOutputs({});
  }

  /** Counts over 15 minutes. A metric without data does not fire; the queries catch that case. */
  private onMetric(
    ruleName: string,
    description: string,
    scope: pulumi.Input<string>,
    condition: MetricCondition,
  ) {
    const { resourceGroupName, tags, actionGroupIds } = this.args;
    new monitor.MetricAlert(
      ruleName,
      {
        resourceGroupName,
        location: "global",
        tags,
        ruleName,
        description,
        enabled: true,
        severity: 1,
        scopes: [scope],
        evaluationFrequency: "PT5M",
        windowSize: "PT15M",
        criteria: {
          odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
          allOf: [
            {
              criterionType: "StaticThresholdCriterion",
              name: ruleName,
              operator: "GreaterThan",
              threshold: 0,
              timeAggregation: "Total",
              ...condition,
            },
          ],
        },
        actions: actionGroupIds.map((actionGroupId) => ({ actionGroupId })),
      },
      { parent: this },
    );
  }

  private onQuery(ruleName: string, rule: QueryRule) {
    const { resourceGroupName, location, tags, workspaceId, actionGroupIds } = this.args;
    const { query, dimension, ...rest } = rule;
    new monitor.ScheduledQueryRule(
      ruleName,
      {
        resourceGroupName,
        location,
        tags,
        ruleName,
        displayName: ruleName,
        enabled: true,
        severity: 1,
        scopes: [workspaceId],
        ...rest,
        // The tables appear with their first row, so a new workspace has none of them.
        skipQueryValidation: true,
        criteria: {
          allOf: [
            {
              query,
              timeAggregation: "Count",
              operator: "GreaterThan",
              threshold: 0,
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
              dimensions: dimension ? [{ name: dimension, operator: "Include", values: ["*"] }] : [],
            },
          ],
        },
        actions: { actionGroups: [...actionGroupIds] },
      },
      { parent: this },
    );
  }
}

interface QueryRule {
  readonly description: string;
  readonly query: pulumi.Input<string>;
  readonly evaluationFrequency: string;
  readonly windowSize: string;
  readonly overrideQueryTimeRange?: string;
  /** 1 if it is not set. */
  readonly severity?: number;
  /** The column whose values each raise their own alert. */
  readonly dimension?: string;
}

/** One row for each configured dataset without a successful load, even if there were no runs at all. */
export function missingLoadsQuery(datasetIds: readonly string[], pipelineName: string): string {
  return [
    `let expected = datatable(DatasetID: string) [${datasetIds.map(kustoText).join(", ")}];`,
    "let loaded = ADFPipelineRun",
    `| where TimeGenerated > ago(26h) and PipelineName == ${kustoText(pipelineName)} and Status == "Succeeded"`,
    "| extend DatasetID = tostring(parse_json(Parameters).DatasetID)",
    "| distinct DatasetID;",
    "expected",
    "| join kind=leftanti loaded on DatasetID",
    "| project TimeGenerated = now(), DatasetID",
  ].join("\n");
}

/** One row for each load that emptied cells, which the pipeline's last activity reports: `d-1: {"gross_premium":3}`. */
export function emptiedCellsQuery(pipelineName: string): string {
  return [
    "ADFActivityRun",
    `| where PipelineName == ${kustoText(pipelineName)} and ActivityName == "ReadResult" and Status == "Succeeded"`,
    "| extend Result = parse_json(Output).firstRow",
    "| where isnotempty(tostring(Result.emptied))",
    '| project TimeGenerated, PipelineRunId, Emptied = strcat(Result.dataset_id, ": ", Result.emptied)',
  ].join("\n");
}

/** The app's traces of severity error and above, and its exceptions. */
export function functionErrorsQuery(appName: string): string {
  return [
    "union isfuzzy=true AppTraces, AppExceptions",
    `| where AppRoleName =~ ${kustoText(appName)} and SeverityLevel >= 3`,
  ].join("\n");
}

/** A Kusto text literal: its escapes are the same as in JSON. */
function kustoText(text: string): string {
  return JSON.stringify(text);
}
