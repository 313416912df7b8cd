/** What a client must know to find the emulator and sign in as its deployer. */
export interface ClientAccess {
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** The gateway, https. */
  readonly endpoint: string;
  readonly caFile: string;
  readonly caBundleFile: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * The environment variables that clients read by themselves: `EnvironmentCredential` of every azure-identity (`AZURE_…`,
 * https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential), providers of Terraform and Pulumi (`ARM_…`), and
 * what makes Node, OpenSSL, Go, .NET on Linux, Python's requests and curl trust the emulator's certificate.
 */
export function clientEnvironment(access: ClientAccess): Record<string, string> {
  const { tenantId, subscriptionId, endpoint, caFile, caBundleFile, clientId, clientSecret } = access;
  return {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
    AZURE_AUTHORITY_HOST: endpoint,
    AZURE_RESOURCE_MANAGER_ENDPOINT: endpoint,
    ARM_METADATA_HOSTNAME: new URL(endpoint).host,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caBundleFile,
    REQUESTS_CA_BUNDLE: caBundleFile,
    CURL_CA_BUNDLE: caBundleFile,
  };
}
