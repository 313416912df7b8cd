import { readFile } from "node:fs/promises";
import type { TokenCredential } from "@azure/identity";
import { QtError } from "../../errors/qt-error";
import type { Cloud } from "./cloud";

/** The variables that azure-native reads, so that one sign-in serves both. */
export type SignInEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The deployer's credential: client secret, OpenID Connect (a pipeline without secrets), managed identity, or the Azure CLI's user, in
 * azure-native's order.
 * @throws QtError QT1204 if the chosen way lacks one of its variables.
 */
export async function createCredential(env: SignInEnvironment, cloud: Cloud): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  const options = { authorityHost: cloud.loginEndpoint, disableInstanceDiscovery: !cloud.isPublic };
  if (env.ARM_CLIENT_SECRET) {
    return new identity.ClientSecretCredential(
      needed(env, "ARM_TENANT_ID"),
      needed(env, "ARM_CLIENT_ID"),
      env.ARM_CLIENT_SECRET,
      options,
    );
  }
  if (isTrue(env.ARM_USE_OIDC)) {
    return new identity.ClientAssertionCredential(
      needed(env, "ARM_TENANT_ID"),
      needed(env, "ARM_CLIENT_ID"),
      () => federatedToken(env),
      options,
    );
  }
  if (isTrue(env.ARM_USE_MSI)) {
    return env.ARM_CLIENT_ID
      ? new identity.ManagedIdentityCredential({ clientId: env.ARM_CLIENT_ID })
      : new identity.ManagedIdentityCredential();
  }
  return new identity.AzureCliCredential(env.ARM_TENANT_ID ? { tenantId: env.ARM_TENANT_ID } : {});
}

/** The token of the pipeline's identity provider: from a variable, from a file, or requested (GitHub Actions). */
async function federatedToken(env: SignInEnvironment): Promise<string> {
  if (env.ARM_OIDC_TOKEN) return env.ARM_OIDC_TOKEN;
  if (env.ARM_OIDC_TOKEN_FILE_PATH) return (await readFile(env.ARM_OIDC_TOKEN_FILE_PATH, "utf8")).trim();
  const url = new URL(
    env.ARM_OIDC_REQUEST_URL ??
      needed(env, "ACTIONS_ID_TOKEN_REQUEST_URL", "ARM_OIDC_TOKEN, or run as a job with id-token: write"),
  );
  url.searchParams.set("audience", "api://AzureADTokenExchange");
  const bearer = env.ARM_OIDC_REQUEST_TOKEN ?? needed(env, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
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

function isTrue(value: string | undefined): boolean {
  return value === "true" || value === "1";
}
