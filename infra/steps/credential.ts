import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { TokenCredential } from "@azure/identity";
import { QtError } from "../../errors/qt-error";
import type { Cloud } from "./cloud";

/** The variables that azure-native reads, so that one sign-in serves both. */
export type SignInEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The deployer's credential, in azure-native's order and by its variables (docs/sources.md, "Pulumi"): the Azure SDK's default, a client
 * certificate, a client secret, OpenID Connect (a pipeline without secrets), managed identity, or the Azure CLI's user. As there, only the
 * word `true` chooses a way, and `ARM_MSI_ENDPOINT` counts for nothing, because the SDK finds the endpoint.
 * @throws QtError QT1204 if the chosen way lacks one of its variables, QT1212 for a certificate as PKCS#12.
 */
export async function createCredential(env: SignInEnvironment, cloud: Cloud): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  const options = {
    authorityHost: cloud.loginEndpoint,
    disableInstanceDiscovery: !cloud.isPublic || env.ARM_DISABLE_INSTANCE_DISCOVERY === "true",
  };
  if (env.ARM_USE_DEFAULT_AZURE_CREDENTIAL === "true") {
    const { ARM_TENANT_ID: tenantId } = env;
    return new identity.DefaultAzureCredential({ ...options, ...(tenantId && { tenantId }) });
  }
  const application = () => [needed(env, "ARM_TENANT_ID"), needed(env, "ARM_CLIENT_ID")] as const;
  if (env.ARM_CLIENT_CERTIFICATE_PATH) {
    refuseUnknownWay(env);
    const { ARM_CLIENT_CERTIFICATE_PATH: file } = env;
    return new identity.ClientCertificateCredential(...application(), file, options);
  }
  if (env.ARM_CLIENT_SECRET) {
    return new identity.ClientSecretCredential(...application(), env.ARM_CLIENT_SECRET, options);
  }
  if (env.ARM_USE_OIDC === "true") {
    return new identity.ClientAssertionCredential(...application(), () => federatedToken(env), options);
  }
  if (env.ARM_USE_MSI === "true") {
    return env.ARM_CLIENT_ID
      ? new identity.ManagedIdentityCredential({ clientId: env.ARM_CLIENT_ID })
      : new identity.ManagedIdentityCredential();
  }
  return new identity.AzureCliCredential(cliAccount(env));
}

/** The account that the Azure CLI signs in for. It refuses a subscription and a tenant together, and the subscription has its tenant. */
function cliAccount(env: SignInEnvironment): { subscription?: string; tenantId?: string } {
  const { ARM_SUBSCRIPTION_ID: subscription, ARM_TENANT_ID: tenantId } = env;
  if (subscription) return { subscription };
  return tenantId ? { tenantId } : {};
}

/**
 * Refuses the one way to sign in that azure-native knows and Microsoft's library for Node does not: a certificate as PKCS#12. azure-native
 * takes every certificate with a password for one. A file that cannot be read is left to azure-native, which says so.
 * @throws QtError QT1212
 */
export function refuseUnknownWay(env: SignInEnvironment): void {
  const { ARM_CLIENT_CERTIFICATE_PATH: file, ARM_CLIENT_CERTIFICATE_PASSWORD: password } = env;
  if (!file || env.ARM_USE_DEFAULT_AZURE_CREDENTIAL === "true") return;
  if (password || !(contentOf(file)?.includes("-----BEGIN ") ?? true)) throw new QtError("QT1212", { file });
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}

/** The token of the pipeline's identity provider: from a variable, from a file, or requested (GitHub Actions). */
async function federatedToken(env: SignInEnvironment): Promise<string> {
  if (env.ARM_OIDC_TOKEN) return env.ARM_OIDC_TOKEN;
  if (env.ARM_OIDC_TOKEN_FILE_PATH) return (await readFile(env.ARM_OIDC_TOKEN_FILE_PATH, "utf8")).trim();
  const url = new URL(
    env.ARM_OIDC_REQUEST_URL ||
      needed(env, "ACTIONS_ID_TOKEN_REQUEST_URL", "ARM_OIDC_TOKEN, or run as a job with id-token: write"),
  );
  url.searchParams.set("audience", env.ARM_OIDC_AUDIENCE || "api://AzureADTokenExchange");
  const bearer = env.ARM_OIDC_REQUEST_TOKEN || needed(env, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  const response = await fetch(url, { headers: { authorization: `Bearer ${bearer}` } });
  if (!response.ok)
    throw new QtError("QT1204", { missing: `a token from ${url.host} (it answered ${response.status})` });
  return ((await response.json()) as { value: string }).value;
}

function needed(env: SignInEnvironment, name: string, or?: string): string {
  const value = env[name];
  if (!value) throw new QtError("QT1204", { missing: or ? `${name} (or ${or})` : name });
  return value;
}
