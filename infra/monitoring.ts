import * as applicationinsights from "@pulumi/azure-native/applicationinsights";
import * as monitor from "@pulumi/azure-native/monitor";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "./placement";
import { steady } from "./steady";

export interface MonitoringArgs extends Placement {
  readonly workspaceName: pulumi.Input<string>;
  /** Id of the workspace that is used instead of one that is made. */
  readonly workspaceId: pulumi.Output<string> | undefined;
  readonly applicationInsightsName: pulumi.Input<string>;
  readonly actionGroupName: pulumi.Input<string>;
  /** Who gets mail about alerts; undefined: they only show in the portal. */
  readonly alertEmail: string | undefined;
}

/** One workspace for all logs and the function's telemetry, and the people who get alerts. */
export class Monitoring extends pulumi.ComponentResource {
  readonly workspaceId: pulumi.Output<string>;
  readonly applicationInsights: applicationinsights.Component;
  readonly connectionString: pulumi.Output<string>;
  /** Ids of the action groups that alerts go to: at most one. */
  readonly actionGroupIds: readonly pulumi.Output<string>[];

  constructor(name: string, args: MonitoringArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:Monitoring", name, {}, options);
    const { resourceGroupName, location, tags } = args;
    this.workspaceId = args.workspaceId ?? this.workspace(name, args).id;
    this.applicationInsights = new applicationinsights.Component(
      `${name}-insights`,
      {
        resourceGroupName,
        location,
        tags,
        resourceName: args.applicationInsightsName,
        kind: "web",
        applicationType: "web",
        ingestionMode: "LogAnalytics",
        workspaceResourceId: this.workspaceId,
        // Only the function's identity can send telemetry, so the connection string gives no access.
        disableLocalAuth: true,
      },
      { parent: this },
    );
    this.connectionString = steady(
      this.applicationInsights.connectionString,
      this.applicationInsights,
      async ({ resourceGroupName, name: resourceName }) =>
        (await applicationinsights.getComponent({ resourceGroupName, resourceName })).connectionString,
    );
    this.actionGroupIds = args.alertEmail ? [this.mail(name, args, args.alertEmail).id] : [];
    this.registerOutputs({ workspaceId: this.workspaceId });
  }

  private workspace(
    name: string,
    { resourceGroupName, location, tags, workspaceName }: MonitoringArgs,
  ): operationalinsights.Workspace {
    return new operationalinsights.Workspace(
      name,
      {
        resourceGroupName,
        location,
        tags,
        workspaceName,
        sku: { name: "PerGB2018" },
        retentionInDays: 30,
      },
      { parent: this },
    );
  }

  private mail(name: string, args: MonitoringArgs, emailAddress: string): monitor.ActionGroup {
    return new monitor.ActionGroup(
      `${name}-mail`,
      {
        resourceGroupName: args.resourceGroupName,
        location: "global",
        tags: args.tags,
        actionGroupName: args.actionGroupName,
        groupShortName: "quantemplate",
        enabled: true,
        emailReceivers: [{ name: "alert-mail", emailAddress, useCommonAlertSchema: true }],
      },
      { parent: this },
    );
  }
}

/** Sends a resource's logs of the given categories, and nothing else, to the workspace. */
export function sendLogs(
  name: string,
  resourceUri: pulumi.Input<string>,
  categories: readonly string[],
  workspaceId: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): monitor.DiagnosticSetting {
  return new monitor.DiagnosticSetting(
    `${name}-logs`,
    {
      name: "to-workspace",
      resourceUri,
      workspaceId,
      // The service's own tables (ADFPipelineRun) rather than AzureDiagnostics with its 500 columns.
      logAnalyticsDestinationType: "Dedicated",
      logs: categories.map((category) => ({ category, enabled: true })),
    },
    options,
  );
}
