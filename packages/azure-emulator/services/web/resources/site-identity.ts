import { isIP } from "node:net";
import type { Principal } from "../../../control-plane/identity";
import { identityOf } from "../../../control-plane/identity-endpoint";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { blobAdmission } from "../../storage/data-plane/network-access";
import { callerOfSite } from "../run/outbound-address";
import type { AppSettings } from "./app-settings";
import { functionAppConfigOf } from "./site-config";

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

/** The identity with which the platform reads and writes the app's package. @throws Error if the site does not have it. */
export function deploymentIdentity(context: LocalContext, site: ArmResource): Principal {
  const { authentication } = functionAppConfigOf(site.properties).deployment.storage;
  const query =
    authentication.type === "UserAssignedIdentity"
      ? { mi_res_id: authentication.userAssignedIdentityResourceId }
      : {};
  const principal = identityOf(context, site, query);
  if (principal !== undefined) return principal;
  throw new Error(
    `functionAppConfig.deployment.storage.authentication names an identity that site '${site.name}' does not have.`,
  );
}

/**
 * Checks that the host can use its own storage (AzureWebJobsStorage), in which it keeps keys and locks; without it the host does
 * not run. @returns the problem, or undefined.
 */
export function hostStorageProblem(
  context: LocalContext,
  site: ArmResource,
  settings: AppSettings,
): string | PassingProblem | undefined {
  const account =
    settings.AzureWebJobsStorage__accountName ?? accountOfUri(settings.AzureWebJobsStorage__blobServiceUri);
  if (settings.AzureWebJobsStorage !== undefined)
    return "AzureWebJobsStorage is a connection string; the storage has no keys.";
  if (account === undefined) return "the application setting AzureWebJobsStorage__accountName is missing.";
  const resource = context.resources
    .list({ type: "Microsoft.Storage/storageAccounts" })
    .find(({ name }) => name.toLowerCase() === account.toLowerCase());
  if (resource === undefined)
    return `AzureWebJobsStorage names the storage account '${account}', which does not exist.`;
  const principal = identityOf(context, site, {
    client_id: settings.AzureWebJobsStorage__clientId,
    mi_res_id: settings.AzureWebJobsStorage__managedIdentityResourceId,
  });
  if (principal === undefined)
    return `AzureWebJobsStorage names an identity that site '${site.name}' does not have.`;
  if (blobAdmission(context, resource, principal, callerOfSite(site)) !== "admitted")
    return `AzureWebJobsStorage cannot be used: the network rules of the storage account '${resource.name}' refuse the app. Integrate the app with a network that has a private endpoint of the account.`;
  try {
    context.access.require(principal, `${BLOBS}/write`, resource.id, "dataAction");
    return undefined;
  } catch (error) {
    const text = `AzureWebJobsStorage cannot be used. ${(error as Error).message}`;
    return context.access.granted(principal, `${BLOBS}/write`, resource.id, "dataAction")
      ? { text, passes: true }
      : text;
  }
}

/** A problem that ends by itself: a role that takes effect later. */
export interface PassingProblem {
  readonly text: string;
  readonly passes: true;
}

/**
 * Checks that the host can send telemetry with an identity (APPLICATIONINSIGHTS_AUTHENTICATION_STRING). Without the role Azure drops
 * the telemetry and the app still runs, so the problem is only reported. @returns the problem, or undefined.
 */
export function telemetryProblem(
  context: LocalContext,
  site: ArmResource,
  settings: AppSettings,
): string | undefined {
  const {
    APPLICATIONINSIGHTS_CONNECTION_STRING: connection,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: login,
  } = settings;
  if (connection === undefined || !/Authorization=AAD/i.test(login ?? "")) return undefined;
  const key = /InstrumentationKey=([^;]+)/i.exec(connection)?.[1];
  const component = context.resources
    .list({ type: "Microsoft.Insights/components" })
    .find(({ properties }) => properties.InstrumentationKey === key);
  if (component === undefined) return "APPLICATIONINSIGHTS_CONNECTION_STRING names no component that exists.";
  const principal = identityOf(context, site, { client_id: /ClientId=([^;]+)/i.exec(login ?? "")?.[1] });
  if (principal === undefined) {
    return `APPLICATIONINSIGHTS_AUTHENTICATION_STRING names an identity that site '${site.name}' does not have.`;
  }
  const action = "Microsoft.Insights/Telemetry/Write";
  // What is dropped until a new role takes effect is no fault of the deployment.
  if (context.access.granted(principal, action, component.id, "dataAction")) return undefined;
  try {
    context.access.require(principal, action, component.id, "dataAction");
    return undefined;
  } catch (error) {
    return `Telemetry is dropped. ${(error as Error).message}`;
  }
}

/** `https://127.0.0.1:port/<account>/` here, `https://<account>.blob.core.windows.net/` in Azure. */
function accountOfUri(uri: string | undefined): string | undefined {
  if (uri === undefined || !URL.canParse(uri)) return undefined;
  const { hostname, pathname } = new URL(uri);
  return isIP(hostname) === 0 ? hostname.split(".")[0] : pathname.split("/")[1];
}
