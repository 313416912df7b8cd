import * as automation from "@pulumi/azure-native/automation";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSettings } from "./config-schema";
import type { DatasetSettings } from "./dataset-schema";
import type { Placement } from "./placement";
import { projectText } from "./project-text";
import { Step } from "./steps/step";

export interface AutomationArgs extends Placement {
  readonly accountName: pulumi.Input<string>;
  readonly tenantId: pulumi.Input<string>;
  readonly subscriptionId: pulumi.Input<string>;
  readonly factoryName: pulumi.Input<string>;
  readonly datasets: readonly DatasetSettings[];
  readonly unknownDatasets: TenantSettings["unknownDatasets"];
  /** Whether a job waits for the end of the run that it started. */
  readonly waitForEnd: boolean;
  /** ISO date on which the webhook stops working; undefined: a year from its making. */
  readonly webhookExpiry: string | undefined;
}

export const RUNBOOK_NAME = "Start-QuantemplateLoad";
export const RUNBOOK_FILE = `runbooks/${RUNBOOK_NAME}.ps1`;

/** What Quantemplate calls: a webhook that starts the runbook that starts the pipeline. */
export class Automation extends pulumi.ComponentResource {
  readonly account: automation.AutomationAccount;
  readonly principalId: pulumi.Output<string>;
  /** Whoever knows it can start the runbook. Secret. */
  readonly webhookUrl: pulumi.Output<string>;
  readonly webhookExpiry: pulumi.Output<string>;

  constructor(name: string, args: AutomationArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:Automation", name, {}, options);
    const { resourceGroupName, location, tags } = args;
    this.account = new automation.AutomationAccount(
      name,
      {
        resourceGroupName,
        location,
        tags,
        automationAccountName: args.accountName,
        sku: { name: "Basic" },
        identity: { type: "SystemAssigned" },
        // Waivers: without either of them the account's webhooks stop answering.
        publicNetworkAccess: true,
        disableLocalAuth: false,
      },
      { parent: this },
    );
    this.principalId = this.account.identity.apply((identity) => identity?.principalId ?? "");
    const variables = Object.entries(runbookVariables(args)).map(([variable, value]) =>
      this.variable(variable, value, args),
    );
    const published = this.runbook(args, variables);
    const minted = new Step(
      `${name}-webhook-uri`,
      "webhook-uri",
      { accountId: this.account.id, expiry: args.webhookExpiry ?? "" },
      { parent: this },
    );
    this.webhookUrl = pulumi.secret(minted.secret.apply(({ uri }) => uri));
    this.webhookExpiry = minted.result.apply(({ expiryTime }) => expiryTime);
    const webhookName = minted.result.apply((result) => result.name);
    new automation.Webhook(
      `${name}-webhook`,
      {
        resourceGroupName,
        automationAccountName: this.account.name,
        name: webhookName,
        webhookName,
        runbook: { name: RUNBOOK_NAME },
        uri: this.webhookUrl,
        expiryTime: this.webhookExpiry,
        isEnabled: true,
      },
      {
        parent: this,
        dependsOn: [published],
        additionalSecretOutputs: ["uri"],
        // Azure changes neither of an existing webhook.
        replaceOnChanges: ["uri", "expiryTime"],
      },
    );
    this.registerOutputs({ webhookExpiry: this.webhookExpiry });
  }

  private variable(
    variableName: string,
    value: pulumi.Input<string>,
    args: AutomationArgs,
  ): automation.Variable {
    return new automation.Variable(
      variableName,
      {
        resourceGroupName: args.resourceGroupName,
        automationAccountName: this.account.name,
        name: variableName,
        variableName,
        // A variable's value is JSON: text is quoted.
        value: pulumi.output(value).apply((text) => JSON.stringify(text)),
        // None is a secret, and an encrypted variable could not be compared for drift.
        isEncrypted: false,
      },
      { parent: this },
    );
  }

  private runbook(args: AutomationArgs, variables: readonly automation.Variable[]) {
    const { resourceGroupName, location, tags } = args;
    const runbook = new automation.Runbook(
      RUNBOOK_NAME,
      {
        resourceGroupName,
        location,
        tags,
        automationAccountName: this.account.name,
        name: RUNBOOK_NAME,
        runbookName: RUNBOOK_NAME,
        // Windows PowerShell 5.1: webhook data is still reported broken on 7 (docs/sources.md, "Azure Automation").
        runbookType: "PowerShell",
        logProgress: false,
        logVerbose: false,
        draft: {},
      },
      { parent: this },
    );
    return new Step(
      `${RUNBOOK_NAME}-content`,
      "runbook-content",
      { runbookId: runbook.id, file: RUNBOOK_FILE, content: projectText(RUNBOOK_FILE) },
      { parent: this, dependsOn: [...variables] },
    );
  }
}

/**
 * What the runbook reads: the four variables of Quantemplate's own runbook (docs/sources.md, "Quantemplate"), the tenant for a service
 * principal, the datasets it may start, and whether it waits.
 */
export function runbookVariables(args: AutomationArgs): Record<string, pulumi.Input<string>> {
  const datasets = { ids: args.datasets.map(({ id }) => id), unknown: args.unknownDatasets };
  return {
    // Empty: the account's own identity. A name: the credential asset of a service principal, as Quantemplate's runbook has it.
    "ADF-CredentialName": "",
    "ADF-ResourceGroupName": args.resourceGroupName,
    "ADF-DataFactoryName": args.factoryName,
    "ADF-SubscriptionID": args.subscriptionId,
    "ADF-TenantID": args.tenantId,
    "QT-Datasets": JSON.stringify(datasets),
    // A variable and not a parameter of the webhook: it is also for jobs that are started by hand, and is changed like any other.
    "QT-WaitForEnd": String(args.waitForEnd),
  };
}
