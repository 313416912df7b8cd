import type { SignInEnvironment } from "./credential";

/** A stack's configuration as Pulumi gives it to a provider's process: with namespaces, and decrypted. */
export interface StackConfig {
  /** @param key `namespace:name`. @returns undefined if it is not set. */
  get(key: string): string | undefined;
}

/** Where azure-native finds a value: the setting `azure-native:<name>`, otherwise the variable (docs/sources.md, "Pulumi"). */
const variables = {
  clientId: "ARM_CLIENT_ID",
  tenantId: "ARM_TENANT_ID",
  subscriptionId: "ARM_SUBSCRIPTION_ID",
  useDefaultAzureCredential: "ARM_USE_DEFAULT_AZURE_CREDENTIAL",
  clientCertificatePath: "ARM_CLIENT_CERTIFICATE_PATH",
  clientCertificatePassword: "ARM_CLIENT_CERTIFICATE_PASSWORD",
  clientSecret: "ARM_CLIENT_SECRET",
  useOidc: "ARM_USE_OIDC",
  oidcAudience: "ARM_OIDC_AUDIENCE",
  oidcToken: "ARM_OIDC_TOKEN",
  oidcTokenFilePath: "ARM_OIDC_TOKEN_FILE_PATH",
  oidcRequestToken: "ARM_OIDC_REQUEST_TOKEN",
  oidcRequestUrl: "ARM_OIDC_REQUEST_URL",
  useMsi: "ARM_USE_MSI",
  metadataHost: "ARM_METADATA_HOSTNAME",
  disableInstanceDiscovery: "ARM_DISABLE_INSTANCE_DISCOVERY",
} as const;

/**
 * The variables of the sign-in, with the stack's own settings before them, so that steps are who azure-native is. An empty setting counts,
 * as it does there.
 * @param env `QT_SIGN_IN=environment` leaves the settings out: they say who deploys to Azure, and the cloud is a local one.
 */
export function signInEnvironment(
  config: StackConfig,
  env: SignInEnvironment,
): Record<string, string | undefined> {
  if (env.QT_SIGN_IN === "environment") return { ...env };
  const set = Object.entries(variables).flatMap(([name, variable]) => {
    const value = config.get(`azure-native:${name}`);
    return value === undefined ? [] : [[variable, value] as const];
  });
  return { ...env, ...Object.fromEntries(set) };
}
