import * as pulumi from "@pulumi/pulumi";

/** A resource as the program asked for it. */
export interface AskedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Marks a secret on its way to a mock. */
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";

/** The directory and subscription of the mocks. */
export const mockClient = {
  clientId: "00000000-0000-0000-0000-00000000000c",
  objectId: "00000000-0000-0000-0000-0000000000b1",
  subscriptionId: "00000000-0000-0000-0000-00000000005b",
  tenantId: "00000000-0000-0000-0000-00000000007e",
};

/**
 * Runs a program without an engine.
 * @param config Flat configuration, `namespace:key`.
 * @returns Every resource in the order of asking, and the program's outputs, secrets unwrapped.
 */
export async function runWithMocks<Outputs extends object>(
  program: () => Promise<Outputs>,
  config: Readonly<Record<string, string>>,
  secretKeys: readonly string[] = [],
): Promise<{ resources: AskedResource[]; outputs: Record<string, unknown>; secrets: string[] }> {
  const resources: AskedResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        resources.push({ type, name, inputs });
        return { id: idOf(type, name, inputs), state: { ...inputs, ...outputsOf(type, name) } };
      },
      call({ token }) {
        if (token === "azure-native:authorization:getClientConfig") return mockClient;
        throw new Error(`The program called ${token}, which is not in the contract.`);
      },
    },
    "quantemplate",
    "acme",
    false,
  );
  pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
  const promised = await program();
  const outputs: Record<string, unknown> = {};
  const secrets: string[] = [];
  for (const [name, output] of Object.entries(promised)) {
    if (pulumi.Output.isInstance(output) && (await pulumi.isSecret(output))) secrets.push(name);
    outputs[name] = await new Promise((resolve) => pulumi.output(output).apply(resolve));
  }
  // Ends only when every registration has been answered.
  await pulumi.runtime.disconnect();
  return { resources, outputs, secrets };
}

/** What Azure adds, as far as the program reads it. */
function outputsOf(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "azure-native:keyvault:Vault":
      return { name: `${name}-1`, properties: { vaultUri: "https://vault.test/" } };
    case "azure-native:storage:StorageAccount":
      return { primaryEndpoints: { blob: "https://blob.test/" } };
    case "azure-native:sql:Server":
      return { name: `${name}-1`, fullyQualifiedDomainName: "sql.test,11433" };
    case "azure-native:applicationinsights:Component":
      return { connectionString: "InstrumentationKey=mock-connection-string" };
    case "azure-native:datafactory:Factory":
    case "azure-native:automation:AutomationAccount":
      return { name: `${name}-1`, identity: { type: "SystemAssigned", principalId: `principal-of-${name}` } };
    case "azure-native:managedidentity:UserAssignedIdentity":
      return { clientId: "client-of-function", principalId: "principal-of-function" };
    case "azure-native:web:WebApp":
      return {
        name: `${name}-1`,
        defaultHostName: "app.test",
        hostNameSslStates: [
          { name: "app.test", hostType: "Standard" },
          { name: "scm.app.test", hostType: "Repository" },
        ],
      };
    case "random:index/randomString:RandomString":
      return { result: "x7k2p9" };
    case "random:index/randomPassword:RandomPassword":
      return { result: "mock-password" };
    default:
      return type.startsWith("pulumi-nodejs:") ? stepOutputs(type) : { name: `${name}-1` };
  }
}

function stepOutputs(type: string): Record<string, unknown> {
  const step = type.slice(type.lastIndexOf(":") + 1);
  if (step === "webhook-uri") {
    return {
      result: { name: "dataset-updated-1", expiryTime: "2027-01-01T00:00:00.000Z" },
      secret: { uri: "https://webhook.test/webhooks?token=mock-token" },
    };
  }
  if (step === "identity-client-id") return { result: { clientId: "client-of-factory" } };
  if (step === "function-code") return { result: { sha256: "hash-of-code" } };
  return { result: {} };
}

function idOf(type: string, name: string, inputs: Readonly<Record<string, unknown>>): string {
  return `/mock/${type}/${String(inputs.scope ?? "")}/${name}`;
}

/** Whether the program handed this value over as a secret. */
export function isSecretValue(value: unknown): value is { readonly value: unknown } {
  return (
    typeof value === "object" && value !== null && Reflect.get(value, SIGNATURE_KEY) === SECRET_SIGNATURE
  );
}
