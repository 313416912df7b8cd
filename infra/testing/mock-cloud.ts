import * as pulumi from "@pulumi/pulumi";
import { getAllResources } from "@pulumi/pulumi/output";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

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

/** The SDK's requests to the engine for one resource. */
export interface Registration {
  urn: string;
  readonly request: RegisterResourceRequest;
  /** The outputs that a component or the stack registered; secrets are marked. */
  outputs: Readonly<Record<string, unknown>> | undefined;
}

export interface MockRun {
  /** Every resource, in the order of the requests. */
  readonly resources: readonly AskedResource[];
  /** The same resources with all their options. */
  readonly registrations: readonly Readonly<Registration>[];
  /** The program's outputs, secrets unwrapped. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Names of the outputs that are secret. */
  readonly secrets: readonly string[];
  /** For each output, the URNs of the resources that it waits for. */
  readonly outputSources: Readonly<Record<string, readonly string[]>>;
}

export interface MockRunOptions {
  readonly stack?: string;
  /** The deployer, and the application that they signed in with. */
  readonly client?: Partial<typeof mockClient>;
}

/**
 * Runs a program without an engine.
 * @param config Flat configuration, `namespace:key`.
 * @param secretKeys The keys of `config` that are secret.
 */
export async function runWithMocks(
  program: () => Promise<object>,
  config: Readonly<Record<string, string>>,
  secretKeys: readonly string[] = [],
  { stack = "acme", client = {} }: MockRunOptions = {},
): Promise<MockRun> {
  const resources: AskedResource[] = [];
  const monitor = new RecordingMonitor({
    newResource({ type, name, inputs }) {
      if (type !== STACK_TYPE) resources.push({ type, name, inputs });
      return {
        id: idOf(type, name, inputs),
        state: { ...inputs, name: `${name}-1`, ...outputsOf(type, name), ...observation(type, inputs) },
      };
    },
    call({ token }) {
      if (token === "azure-native:authorization:getClientConfig") return { ...mockClient, ...client };
      throw new Error(`The program called ${token}, which is not in the contract.`);
    },
  });
  let returned: object = {};
  const observed = async () => {
    returned = await program();
    return returned;
  };
  // The SDK takes a stack trace for every value that it awaits: most of the time that a program takes.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    pulumi.runtime.setMockOptions(monitor, "quantemplate", stack, false);
    pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
    await pulumi.runtime.runInPulumiStack(observed);
    // Ends only when every registration has been answered.
    await pulumi.runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const { registrations } = monitor;
  const outputs = Object.entries(registrations.find(isStack)?.outputs ?? {});
  return {
    resources,
    registrations: registrations.filter((registration) => !isStack(registration)),
    outputs: Object.fromEntries(
      outputs.map(([name, value]) => [name, isSecretValue(value) ? value.value : value]),
    ),
    secrets: outputs.filter(([, value]) => isSecretValue(value)).map(([name]) => name),
    outputSources: Object.fromEntries(
      await Promise.all(
        Object.entries(returned).map(async ([name, value]) => [name, await sourcesOf(value)] as const),
      ),
    ),
  };
}

async function sourcesOf(value: unknown): Promise<string[]> {
  const sources = pulumi.Output.isInstance(value) ? [...(await getAllResources(value))] : [];
  return Promise.all(sources.map(({ urn }) => new Promise<string>((resolve) => urn.apply(resolve))));
}

const STACK_TYPE = "pulumi:pulumi:Stack";
const isStack = ({ request }: Readonly<Registration>) => request.getType() === STACK_TYPE;

/** The SDK's own mock of the engine, which also records its requests. */
class RecordingMonitor extends MockMonitor {
  readonly registrations: Registration[] = [];

  override registerResource(
    request: RegisterResourceRequest,
    callback: Parameters<MockMonitor["registerResource"]>[1],
  ): Promise<void> {
    const registration: Registration = { urn: "", request, outputs: undefined };
    this.registrations.push(registration);
    return super.registerResource(request, (error, response: RegisterResourceResponse) => {
      registration.urn = response?.getUrn() ?? "";
      callback(error, response);
    });
  }

  override registerResourceOutputs(
    request: RegisterResourceOutputsRequest,
    callback: Parameters<MockMonitor["registerResourceOutputs"]>[1],
  ): void {
    const registration = this.registrations.find(({ urn }) => urn === request.getUrn());
    if (registration) registration.outputs = request.getOutputs()?.toJavaScript();
    super.registerResourceOutputs(request, callback);
  }
}

/** The properties that Azure adds and the program reads. */
function outputsOf(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "azure-native:keyvault:Vault":
      return { properties: { vaultUri: "https://vault.test/" } };
    case "azure-native:storage:StorageAccount":
      return { primaryEndpoints: { blob: "https://blob.test/" } };
    case "azure-native:sql:Server":
      return { fullyQualifiedDomainName: "sql.test,11433" };
    case "azure-native:applicationinsights:Component":
      return { connectionString: "InstrumentationKey=mock-connection-string" };
    case "azure-native:datafactory:Factory":
    case "azure-native:automation:AutomationAccount":
      return { identity: { type: "SystemAssigned", principalId: `principal-of-${name}` } };
    case "azure-native:managedidentity:UserAssignedIdentity":
      return { clientId: "client-of-function", principalId: "principal-of-function" };
    case "azure-native:web:WebApp":
      return {
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
      return type.startsWith("pulumi-nodejs:") ? stepOutputs(type) : {};
  }
}

/** The inputs of a step that looks at Azure, with what it sees there. */
function observation(type: string, { inputs }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!type.endsWith(":existing-resource")) return {};
  const facts = {
    principalId: "principal-of-existing",
    clientId: "client-of-existing",
    host: "existing-sql.test",
    uri: "https://existing-vault.test/",
  };
  return { inputs: { ...(inputs as object), facts } };
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
  if (step === "webhook-address") return { result: { url: "https://arm.test/webhook" } };
  if (step === "budget-start") return { result: { startDate: "2027-01-01T00:00:00Z" } };
  return { result: {} };
}

function idOf(type: string, name: string, inputs: Readonly<Record<string, unknown>>): string {
  return `/mock/${type}/${String(inputs.scope ?? "")}/${name}`;
}

/** True if the program passed this value as a secret. */
export function isSecretValue(value: unknown): value is { readonly value: unknown } {
  return (
    typeof value === "object" && value !== null && Reflect.get(value, SIGNATURE_KEY) === SECRET_SIGNATURE
  );
}
