import * as web from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { TenantSettings } from "./config-schema";
import type { AppIdentity } from "./function-identity";
import { LARGEST_PAGE_MB, pageMbOf } from "./function-schema";
import type { Placement } from "./placement";
import { generationSuffix } from "./rotation";
import { type ResourcePlace, steady } from "./steady";
import { Step } from "./steps/step";

export interface FunctionAppArgs extends Placement {
  readonly appName: pulumi.Input<string>;
  readonly planName: pulumi.Input<string>;
  readonly identity: AppIdentity;
  /** From which everything that it calls is called; undefined: from Azure's own addresses. */
  readonly subnetId: pulumi.Input<string> | undefined;
  /** Ranges of addresses from which it may be called; empty: all. */
  readonly allowList: readonly string[];
  readonly packageContainerUrl: pulumi.Input<string>;
  readonly sizing: TenantSettings["function"];
  readonly settings: FunctionSettings;
  /** Hash of the package; a change deploys it again. */
  readonly packageHash: string;
  /** Resources that must exist before the code starts: the identity's rights. */
  readonly after: readonly pulumi.Resource[];
  /** The generations of Fivetran's key that exist, the current first. */
  readonly keyGenerations: readonly number[];
}

/** The values of the app's settings; {@link appSettings} gives them the names that functions/src reads. */
export interface FunctionSettings {
  readonly storageAccountName: pulumi.Input<string>;
  readonly applicationInsightsConnectionString: pulumi.Input<string>;
  readonly sqlServer: pulumi.Input<string>;
  readonly sqlDatabase: pulumi.Input<string>;
  readonly tokenUrl: pulumi.Input<string>;
}

export const FUNCTION_NAME = "fivetran";

/** The Fivetran function on Flex Consumption: plan, app, settings, code and the key that Fivetran gets. */
export class FunctionApp extends pulumi.ComponentResource {
  readonly app: web.WebApp;
  /** Address that Fivetran calls. */
  readonly url: pulumi.Output<string>;
  /** Opens only this function. Secret. */
  readonly key: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: FunctionAppArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("quantemplate:azure:FunctionApp", name, {}, options);
    this.app = this.site(name);
    const code = new Step(
      `${name}-code`,
      "function-code",
      { siteId: this.app.id, scmHost: this.scmHost(), sha256: args.packageHash },
      { parent: this, dependsOn: [...this.configuration(name), ...args.after] },
    );
    const [key] = args.keyGenerations.map((generation) => this.fivetranKey(name, generation, code));
    if (key === undefined) throw new TypeError("There is no generation of the function key.");
    this.key = key;
    this.url = pulumi.interpolate`https://${this.host()}/api/${FUNCTION_NAME}`;
    this.registerOutputs({ url: this.url });
  }

  private scmHost(): pulumi.Output<string> {
    return steady(this.app.hostNameSslStates.apply(scmHost), this.app, async (place) =>
      scmHost((await readSite(place)).hostNameSslStates),
    );
  }

  private host(): pulumi.Output<string> {
    return steady(
      this.app.defaultHostName,
      this.app,
      async (place) => (await readSite(place)).defaultHostName,
    );
  }

  /**
   * Policies and settings, one after the other: a site takes one change at a time, and refuses another one with 409. They go with the app:
   * azure-native's deletion would allow the passwords again, and stop there if the app's own deletion fails.
   */
  private configuration(name: string): pulumi.Resource[] {
    const { resourceGroupName, settings, sizing, identity } = this.args;
    const site = { resourceGroupName, name: this.app.name };
    const noFtp = new web.WebAppFtpAllowed(
      `${name}-ftp`,
      { ...site, allow: false },
      { parent: this, deletedWith: this.app },
    );
    const noScm = new web.WebAppScmAllowed(
      `${name}-scm`,
      { ...site, allow: false },
      { parent: this, dependsOn: [noFtp], deletedWith: this.app },
    );
    // Last, because they wait for most.
    const set = new web.WebAppApplicationSettings(
      `${name}-settings`,
      { ...site, properties: appSettings(settings, identity.clientId, sizing) },
      { parent: this, dependsOn: [noScm], deletedWith: this.app },
    );
    const { allowList } = this.args;
    if (allowList.length === 0) return [noFtp, noScm, set];
    const listed = new Step(
      `${name}-allow-list`,
      "function-allow-list",
      { siteId: this.app.id, addresses: [...allowList] },
      { parent: this, dependsOn: [set], deletedWith: this.app },
    );
    return [noFtp, noScm, set, listed];
  }

  private site(name: string): web.WebApp {
    const { resourceGroupName, location, tags, identity, sizing } = this.args;
    const plan = new web.AppServicePlan(
      `${name}-plan`,
      {
        resourceGroupName,
        location,
        tags,
        name: this.args.planName,
        kind: "functionapp",
        reserved: true,
        sku: { name: "FC1", tier: "FlexConsumption" },
      },
      { parent: this },
    );
    return new web.WebApp(
      name,
      {
        resourceGroupName,
        location,
        tags,
        name: this.args.appName,
        kind: "functionapp,linux",
        serverFarmId: plan.id,
        httpsOnly: true,
        ...(this.args.subnetId !== undefined && { virtualNetworkSubnetId: this.args.subnetId }),
        publicNetworkAccess: "Enabled",
        identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        // No siteConfig: the SDK would add deprecated settings that Flex refuses (docs/sources.md, "Functions on Flex Consumption").
        functionAppConfig: {
          deployment: {
            storage: {
              type: "blobContainer",
              value: this.args.packageContainerUrl,
              authentication: {
                type: "UserAssignedIdentity",
                userAssignedIdentityResourceId: identity.id,
              },
            },
          },
          runtime: { name: "node", version: sizing.nodeVersion },
          scaleAndConcurrency: {
            instanceMemoryMB: sizing.memoryMb,
            maximumInstanceCount: sizing.maximumInstances,
          },
          // Left out, Azure restarts all instances at once.
          ...(sizing.rollingUpdates && { siteUpdateStrategy: { type: "RollingUpdate" } }),
        },
      },
      { parent: this },
    );
  }

  /** Returns the key once the host has accepted it. */
  private fivetranKey(name: string, generation: number, code: Step<"function-code">): pulumi.Output<string> {
    const suffix = generationSuffix(generation);
    const password = new random.RandomPassword(
      `${name}-key-value${suffix}`,
      { length: 48, special: false },
      { parent: this },
    );
    const value = pulumi.secret(password.result);
    const key = new Step(
      `${name}-key${suffix}`,
      "function-key",
      {
        siteId: this.app.id,
        functionName: FUNCTION_NAME,
        keyName: `${FUNCTION_NAME}${suffix}`,
        value,
        // The hash itself, not the step's result, because a preview knows it.
        code: this.args.packageHash,
      },
      { parent: this, dependsOn: [code] },
    );
    return pulumi.all([value, key.id]).apply(([taken]) => taken);
  }
}

function readSite({ resourceGroupName, name }: ResourcePlace) {
  return web.getWebApp({ resourceGroupName, name });
}

/**
 * The app's settings. They hold no key and no password: the app reaches storage, telemetry and the database as its identity.
 * The connection string only holds the telemetry's address (the resource accepts no keys), but is kept secret anyway.
 */
export function appSettings(
  settings: FunctionSettings,
  identityClientId: pulumi.Input<string>,
  sizing: TenantSettings["function"],
) {
  const page = pageMbOf(sizing);
  return {
    AzureWebJobsStorage__accountName: settings.storageAccountName,
    AzureWebJobsStorage__credential: "managedidentity",
    AzureWebJobsStorage__clientId: identityClientId,
    APPLICATIONINSIGHTS_CONNECTION_STRING: pulumi.secret(settings.applicationInsightsConnectionString),
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: pulumi.interpolate`ClientId=${identityClientId};Authorization=AAD`,
    AZURE_CLIENT_ID: identityClientId,
    SQL_SERVER: settings.sqlServer,
    SQL_DATABASE: settings.sqlDatabase,
    QT_TOKEN_URL: settings.tokenUrl,
    // The function has the same limit by itself.
    ...(page < LARGEST_PAGE_MB && { PAGE_BYTES_LIMIT: String(page * 1_000_000) }),
  };
}

/** The host of a site's deployment endpoint, as Azure reports it. It is not always the app's host with `.scm.` in it. */
export function scmHost(
  states:
    | readonly { readonly name?: string | undefined; readonly hostType?: string | undefined }[]
    | undefined,
): string {
  return states?.find(({ hostType }) => hostType === "Repository")?.name ?? "";
}
