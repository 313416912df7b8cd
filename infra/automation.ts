import * as automation from "@pulumi/azure-native/automation";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSettings } from "./config-schema";
import type { DatasetSettings } from "./dataset-schema";
import type { ExistingResource } from "./existing/existing";
import type { Placement } from "./placement";
import { projectText } from "./project-text";
import { generationSuffix } from "./rotation";
import type { RunbookCredential } from "./runbook-schema";
import { nameOf, steady } from "./steady";
import { Step } from "./steps/step";

export interface AutomationArgs extends Placement {
  readonly accountName: pulumi.Input<string>;
  /** The account that is used instead of one that is made. */
  readonly existing: ExistingResource | undefined;
  /** What the logical names of the account's contents end with: the account's generation. */
  readonly suffix: string;
  readonly runbookName: pulumi.Input<string>;
  /** What the names of the variables begin with; empty in an account of the tenant's own. */
  readonly variablesPrefix: pulumi.Input<string>;
  readonly tenantId: pulumi.Input<string>;
  readonly subscriptionId: pulumi.Input<string>;
  readonly factoryName: pulumi.Input<string>;
  readonly datasets: readonly DatasetSettings[];
  readonly unknownDatasets: TenantSettings["unknownDatasets"];
  /** True if a job waits until the run that it started has ended. */
  readonly waitForEnd: boolean;
  /** The service principal that starts the pipeline; undefined: the account's identity. */
  readonly credential: RunbookCredential | undefined;
  /** The generations of the webhook that exist, the current first. */
  readonly webhookGenerations: readonly number[];
  /** ISO date on which the webhook stops working; undefined: a year after its creation. */
  readonly webhookExpiry: string | undefined;
}

export const RUNBOOK_NAME = "Start-QuantemplateLoad";
const CREDENTIAL_NAME = "quantemplate-pipeline-starter";
export const RUNBOOK_FILE = `runbooks/${RUNBOOK_NAME}.ps1`;

/** The account, whoever made it. */
export interface AccountPlace {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly principalId: pulumi.Output<string>;
}

/** The webhook that Quantemplate calls. It starts the runbook, which starts the pipeline. */
export class Automation extends pulumi.ComponentResource {
  readonly account: AccountPlace;
  /** True if other tenants have their runbooks in it too. */
  readonly isShared: boolean;
  readonly suffix: string;
  readonly runbookName: pulumi.Output<string>;
  /** The current webhook's resource id. */
  readonly webhookId: pulumi.Output<string>;
  /** Anyone who knows it can start the runbook. Secret. */
  readonly webhookUrl: pulumi.Output<string>;
  readonly webhookExpiry: pulumi.Output<string>;
  /** Where Resource Manager shows the webhook, and with it its expiry. No secret. */
  readonly webhookAddress: pulumi.Output<string>;

  constructor(name: string, args: AutomationArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:Automation", name, {}, options);
    this.isShared = args.existing !== undefined;
    this.suffix = args.suffix;
    this.account = args.existing
      ? { ...args.existing, principalId: args.existing.fact("principalId") }
      : this.ownAccount(name, args);
    this.runbookName = pulumi.output(args.runbookName);
    const credential = args.credential && this.credential(args.credential, args);
    const settings = runbookVariables(args, credential?.name ?? "");
    const variables = Object.entries(settings).map(([variable, value]) =>
      this.variable(variable, value, args),
    );
    const published = this.runbook(args, variables);
    const [current] = args.webhookGenerations.map((generation, index) =>
      this.webhook(name, generation, index === 0, published, args),
    );
    if (current === undefined) throw new TypeError("There is no generation of the webhook.");
    this.webhookUrl = current.url;
    this.webhookExpiry = current.expiry;
    this.webhookId = current.id;
    this.webhookAddress = new Step(
      `${name}-webhook-address`,
      "webhook-address",
      { accountId: this.account.id, name: current.name },
      { parent: this },
    ).result.apply(({ url }) => url);
    this.registerOutputs({ webhookExpiry: this.webhookExpiry });
  }

  private ownAccount(
    name: string,
    { resourceGroupName, location, tags, accountName }: AutomationArgs,
  ): AccountPlace {
    const account = new automation.AutomationAccount(
      name,
      {
        resourceGroupName,
        location,
        tags,
        automationAccountName: accountName,
        sku: { name: "Basic" },
        identity: { type: "SystemAssigned" },
        // Waivers: without both settings the account's webhooks stop answering.
        publicNetworkAccess: true,
        disableLocalAuth: false,
      },
      { parent: this },
    );
    const principalId = steady(
      account.identity.apply((identity) => identity?.principalId ?? ""),
      account,
      async ({ resourceGroupName, name: automationAccountName }) => {
        const { identity } = await automation.getAutomationAccount({
          resourceGroupName,
          automationAccountName,
        });
        return identity?.principalId ?? "";
      },
    );
    return { id: account.id, name: nameOf(account, accountName), resourceGroupName, principalId };
  }

  /** One webhook of the runbook. Two work side by side while Quantemplate is given the new address. */
  private webhook(
    name: string,
    generation: number,
    isCurrent: boolean,
    published: pulumi.Resource,
    { webhookExpiry, variablesPrefix }: AutomationArgs,
  ): {
    readonly id: pulumi.Output<string>;
    readonly url: pulumi.Output<string>;
    readonly expiry: pulumi.Output<string>;
    readonly name: pulumi.Output<string>;
  } {
    const suffix = generationSuffix(generation);
    const minted = new Step(
      `${name}-webhook-uri${suffix}`,
      "webhook-uri",
      { accountId: this.account.id, expiry: webhookExpiry ?? "" },
      // Another expiry would replace it, and Quantemplate may still call the one of the generation before.
      { parent: this, ignoreChanges: isCurrent ? [] : ["inputs.expiry"] },
    );
    const url = pulumi.secret(minted.secret.apply(({ uri }) => uri));
    const expiry = minted.result.apply(({ expiryTime }) => expiryTime);
    const webhookName = minted.result.apply((result) => result.name);
    const webhook = new automation.Webhook(
      `${name}-webhook${suffix}`,
      {
        resourceGroupName: this.account.resourceGroupName,
        automationAccountName: this.account.name,
        name: webhookName,
        webhookName,
        runbook: { name: this.runbookName },
        // Whoever calls the webhook cannot set it.
        ...(this.isShared && { parameters: { VariablesPrefix: variablesPrefix } }),
        uri: url,
        expiryTime: expiry,
        isEnabled: true,
      },
      {
        parent: this,
        dependsOn: [published],
        additionalSecretOutputs: ["uri"],
        // Azure cannot change either of them on an existing webhook.
        replaceOnChanges: ["uri", "expiryTime"],
        // azure-native would delete the old one first, and have none if the new one fails. Both may exist: their names differ.
        deleteBeforeReplace: false,
      },
    );
    return { id: webhook.id, url, expiry, name: webhookName };
  }

  /** The variable takes its name from it, so that it is there before a job looks for it, and as long as one does. */
  private credential(
    { clientId, clientSecret }: RunbookCredential,
    { variablesPrefix, suffix }: AutomationArgs,
  ): automation.Credential {
    const credentialName = this.isShared
      ? pulumi.interpolate`${variablesPrefix}${CREDENTIAL_NAME}`
      : CREDENTIAL_NAME;
    return new automation.Credential(
      `${CREDENTIAL_NAME}${suffix}`,
      {
        resourceGroupName: this.account.resourceGroupName,
        automationAccountName: this.account.name,
        name: credentialName,
        credentialName,
        description: "The service principal that starts the pipeline.",
        userName: clientId,
        password: pulumi.secret(clientSecret),
      },
      { parent: this },
    );
  }

  private variable(
    variable: string,
    value: pulumi.Input<string>,
    { variablesPrefix, suffix }: AutomationArgs,
  ): automation.Variable {
    const variableName = this.isShared ? pulumi.interpolate`${variablesPrefix}${variable}` : variable;
    return new automation.Variable(
      `${variable}${suffix}`,
      {
        resourceGroupName: this.account.resourceGroupName,
        automationAccountName: this.account.name,
        name: variableName,
        variableName,
        // A variable's value is JSON, so text is quoted.
        value: pulumi.output(value).apply((text) => JSON.stringify(text)),
        // None of the values is a secret, and drift detection cannot compare an encrypted variable.
        isEncrypted: false,
      },
      { parent: this },
    );
  }

  private runbook(
    { location, tags, suffix }: AutomationArgs,
    variables: readonly automation.Variable[],
  ): Step<"runbook-content"> {
    const runbook = new automation.Runbook(
      `${RUNBOOK_NAME}${suffix}`,
      {
        resourceGroupName: this.account.resourceGroupName,
        location,
        tags,
        automationAccountName: this.account.name,
        name: this.runbookName,
        runbookName: this.runbookName,
        // Windows PowerShell 5.1: webhook data is still reported as broken on 7 (docs/sources.md, "Azure Automation").
        runbookType: "PowerShell",
        logProgress: false,
        logVerbose: false,
        draft: {},
      },
      { parent: this },
    );
    return new Step(
      `${RUNBOOK_NAME}${suffix}-content`,
      "runbook-content",
      { runbookId: runbook.id, file: RUNBOOK_FILE, content: projectText(RUNBOOK_FILE) },
      { parent: this, dependsOn: [...variables] },
    );
  }
}

/**
 * The variables that the runbook reads: the four of Quantemplate's own runbook (docs/sources.md, "Quantemplate"), the tenant for a service
 * principal, the datasets it may start, and whether it waits.
 */
function runbookVariables(
  args: AutomationArgs,
  credentialName: pulumi.Input<string>,
): Record<string, pulumi.Input<string>> {
  const datasets = { ids: args.datasets.map(({ id }) => id), unknown: args.unknownDatasets };
  return {
    // Empty: the account's own identity. A name: the credential asset of a service principal, as in Quantemplate's runbook.
    "ADF-CredentialName": credentialName,
    "ADF-ResourceGroupName": args.resourceGroupName,
    "ADF-DataFactoryName": args.factoryName,
    "ADF-SubscriptionID": args.subscriptionId,
    "ADF-TenantID": args.tenantId,
    "QT-Datasets": JSON.stringify(datasets),
    // A variable rather than a webhook parameter, so that it also applies to jobs started by hand.
    "QT-WaitForEnd": String(args.waitForEnd),
  };
}
