import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import {
  emptiedCellsQuery,
  expiringWebhooksQuery,
  functionErrorsQuery,
  missingLoadsQuery,
  silentFunctionQuery,
  unannouncedChangesQuery,
} from "./alert-queries";
import type { Placement } from "./placement";

export interface AlertsArgs extends Placement {
  /** What the rules' names begin with; empty in a group of the tenant's own. */
  readonly rulesPrefix: pulumi.Input<string>;
  readonly factoryId: pulumi.Input<string>;
  readonly automationId: pulumi.Input<string>;
  /** The runbook whose jobs count; undefined: all of the account's. */
  readonly runbookName: pulumi.Input<string> | undefined;
  /** True if other tenants' logs are in the workspace. */
  readonly isWorkspaceShared: boolean;
  readonly functionAppName: pulumi.Input<string>;
  /** Where the function's telemetry goes. */
  readonly applicationInsightsId: pulumi.Input<string>;
  readonly workspaceId: pulumi.Input<string>;
  readonly actionGroupIds: readonly pulumi.Input<string>[];
  /** The datasets that must each be loaded at least once a day. */
  readonly datasetIds: readonly string[];
  readonly pipelineName: string;
  readonly reconcilePipelineName: string;
}

interface MetricCondition {
  readonly metricName: string;
  readonly metricNamespace: string;
  /** Total if it is not set. */
  readonly timeAggregation?: string;
  readonly dimensions?: { name: string; operator: string; values: pulumi.Input<string>[] }[];
}

/** The alerts: on failures, and on loads that did not happen. */
export class Alerts extends pulumi.ComponentResource {
  constructor(
    name: string,
    private readonly args: AlertsArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("quantemplate:azure:Alerts", name, {}, options);
    this.onFactory();
    this.onFunction();
    this.onMetric(
      "job-failed",
      "A runbook job failed, so an event of Quantemplate had no effect.",
      args.automationId,
      {
        metricNamespace: "Microsoft.Automation/automationAccounts",
        metricName: "TotalJob",
        dimensions: [
          { name: "Status", operator: "Include", values: ["Failed", "Stopped", "Suspended"] },
          ...(args.runbookName === undefined
            ? []
            : [{ name: "Runbook", operator: "Include", values: [args.runbookName] }]),
        ],
      },
    );
    this.registerOutputs({});
  }

  private onFactory() {
    const { factoryId, datasetIds, pipelineName, reconcilePipelineName } = this.args;
    const metricNamespace = "Microsoft.DataFactory/factories";
    this.onMetric("pipeline-failed", "A Data Factory pipeline run failed.", factoryId, {
      metricNamespace,
      metricName: "PipelineFailedRuns",
    });
    this.onMetric(
      "pipeline-cancelled",
      "A Data Factory pipeline run was cancelled, so what it should have loaded was not.",
      factoryId,
      { metricNamespace, metricName: "PipelineCancelledRuns" },
    );
    this.onQuery("dataset-not-loaded", {
      description:
        "A configured dataset was not loaded for 26 hours: neither an event nor the daily reconciliation did. Close the alert once it is loaded.",
      query: this.ofFactory((factory) => missingLoadsQuery(datasetIds, pipelineName, factory)),
      evaluationFrequency: "PT1H",
      windowSize: "P1D",
      ...aboutAbsence,
      dimension: "DatasetID",
    });
    this.onQuery("changes-without-event", {
      description:
        "The daily reconciliation loaded changes, and no load of two days was started by an event: Quantemplate's calls of the webhook do not arrive.",
      severity: 2,
      query: this.ofFactory((factory) =>
        unannouncedChangesQuery(pipelineName, reconcilePipelineName, factory),
      ),
      evaluationFrequency: "PT6H",
      windowSize: "P1D",
      overrideQueryTimeRange: "P2D",
    });
    this.onQuery("webhook-expires", {
      description:
        "The webhook that Quantemplate calls expires within 60 days; after that its calls are refused, and nothing else tells.",
      severity: 2,
      query: this.ofFactory((factory) => expiringWebhooksQuery(reconcilePipelineName, factory)),
      evaluationFrequency: "P1D",
      windowSize: "P1D",
      dimension: "Expiry",
    });
    this.onQuery("cells-emptied", {
      description:
        "A load published, but emptied cells whose values do not convert, because their columns have onError null. The alert names dataset and columns.",
      severity: 2,
      query: this.ofFactory((factory) => emptiedCellsQuery(pipelineName, factory)),
      evaluationFrequency: "PT15M",
      windowSize: "PT15M",
      dimension: "Emptied",
    });
  }

  /** A query of the factory's runs: where other tenants' are too, of this factory's alone. */
  private ofFactory(query: (factoryId: string | undefined) => string): pulumi.Input<string> {
    const { isWorkspaceShared, factoryId } = this.args;
    return isWorkspaceShared ? pulumi.output(factoryId).apply(query) : query(undefined);
  }

  private onFunction() {
    const { functionAppName, applicationInsightsId } = this.args;
    this.onQuery("function-errors", {
      description:
        "The Fivetran function reported errors. To Fivetran they are HTTP 200, so no count of 5xx sees them.",
      query: pulumi.output(functionAppName).apply(functionErrorsQuery),
      evaluationFrequency: "PT15M",
      windowSize: "PT15M",
    });
    // A metric: AppRequests has no row before Fivetran's first call, and a rule on a table that is not there is turned off after a week.
    this.onMetric(
      "function-requests-failed",
      "A call of the Fivetran function failed without an answer: it threw, was ended or took too long.",
      applicationInsightsId,
      {
        metricNamespace: "microsoft.insights/components",
        metricName: "requests/failed",
        timeAggregation: "Count",
      },
    );
    this.onQuery("function-silent", {
      description:
        "The Fivetran function sent a page within two days, and none for 13 hours, which is two syncs: it is dead, or the connection is paused. Close the alert once it syncs.",
      query: pulumi.output(functionAppName).apply(silentFunctionQuery),
      evaluationFrequency: "PT1H",
      windowSize: "P1D",
      ...aboutAbsence,
    });
  }

  /** Counts over 15 minutes. A metric without data does not fire; the queries catch that case. */
  private onMetric(
    rule: string,
    description: string,
    scope: pulumi.Input<string>,
    condition: MetricCondition,
  ) {
    const { resourceGroupName, tags, actionGroupIds } = this.args;
    const ruleName = this.nameOf(rule);
    new monitor.MetricAlert(
      rule,
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
              name: rule,
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

  private nameOf(rule: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.args.rulesPrefix}${rule}`;
  }

  private onQuery(name: string, rule: QueryRule) {
    const ruleName = this.nameOf(name);
    const { resourceGroupName, location, tags, workspaceId, actionGroupIds } = this.args;
    const { query, dimension, ...rest } = rule;
    new monitor.ScheduledQueryRule(
      name,
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

/**
 * A rule sees two days, so what is absent for longer looks as if it had never been there. Therefore Azure must not resolve the alert by
 * itself; it is told once a day.
 */
const aboutAbsence = { overrideQueryTimeRange: "P2D", autoMitigate: false, muteActionsDuration: "P1D" };

interface QueryRule {
  readonly description: string;
  readonly query: pulumi.Input<string>;
  readonly evaluationFrequency: string;
  readonly windowSize: string;
  readonly overrideQueryTimeRange?: string;
  readonly autoMitigate?: boolean;
  readonly muteActionsDuration?: string;
  /** 1 if it is not set. */
  readonly severity?: number;
  /** The column whose values each raise their own alert. */
  readonly dimension?: string;
}
