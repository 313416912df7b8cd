import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { removeEverything } from "../../local/commands/server-choice";
import { deployStack, stackRequest } from "../../local/deploy-stack";
import type { Environment } from "../../local/environment";
import { type LocalAzure, startLocalAzure } from "../../local/local-azure";
import { project, projectRoot } from "../../local/places";
import { readTenantStack } from "../../local/tenant-stack";
import { createAzureNativeProvider } from "../../packages/azure-emulator/engine/azure-native-provider";
import { deployerEnvironment } from "../../packages/azure-emulator/engine/deployer-environment";
import type { Engine, StackRequest } from "../../packages/azure-emulator/engine/engine";
import { createInProcessEngine } from "../../packages/azure-emulator/engine/in-process-engine";
import { createRandomProvider } from "../../packages/azure-emulator/engine/random-provider";
import { addressOf, type ResourceProvider } from "../../packages/azure-emulator/engine/resource-provider";
import { openStackFolder } from "../../packages/azure-emulator/engine/stack-folder";
import { revealProperties } from "../../packages/azure-emulator/engine/wire-values";
import { stackOf } from "../../packages/kit/urn";
import type { Deployed } from "./mutation";

export const policyFile = join(__dirname, "posture.json");

/** A deployed tenant whose resources can be changed one at a time. */
export interface MutableDeployment {
  readonly azure: LocalAzure;
  /** How to reach the chain; another one after {@link MutableDeployment.restoreAll}. */
  environment(): Environment;
  readonly engine: Engine;
  readonly request: StackRequest;
  /** The provider that made the resources; it acts on one at a time, as the engine would. */
  readonly provider: ResourceProvider;
  /** As deployed, by URN: the order in which they are made is another one each time. */
  resources(): readonly Deployed[];
  /** What a resource waits for without reading it, by its URN. */
  readonly waits: ReadonlyMap<string, readonly string[]>;
  /** Ids of everything that exists, sorted. */
  ids(): string;
  /** POST to Resource Manager as an owner. @param path id and action */
  post(path: string): Promise<unknown>;
  /** Deploys the program again over whatever is there. */
  restoreAll(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an emulator and deploys the sample tenant in-process, under policies that the program fulfils. */
export async function deployMutable(): Promise<MutableDeployment> {
  const folder = mkdtempSync(join(tmpdir(), "qt-mutants-"));
  const azure = await startLocalAzure({ folder, policy: policyFile });
  const { context, controlPlane } = azure;
  const { subscriptionId, tenantId } = context;
  const azureNative = () =>
    createAzureNativeProvider({
      controlPlane,
      subscriptionId,
      tenantId,
      principal: context.principals.deployer,
    });
  const made = new Map<string, Deployed>();
  const engine = createInProcessEngine({
    notice: "for mutations",
    stacks: openStackFolder(folder, project),
    project: project.name,
    environment: deployerEnvironment(context, project),
    providers: () => [recording(azureNative(), made), createRandomProvider()],
  });
  const request = stackRequest(readTenantStack(projectRoot, "dev", context));
  const waits = new Map<string, readonly string[]>();
  const watched: Engine = {
    ...engine,
    up: (stack, options) => engine.up({ ...stack, program: withWaits(stack.program, waits) }, options),
  };
  const place = { projectRoot, folder, stack: "dev" };
  let { environment } = await deployStack(azure, watched, place);
  const provider = azureNative();
  provider.configure({ location: String(request.config["azure-native:location"]?.value) });
  return {
    azure,
    environment: () => environment,
    engine,
    request,
    provider,
    resources: () => [...made.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    waits: new Map(
      [...waits].sort().flatMap(([name, on]) => {
        const urn = [...made.keys()].find((key) => key.endsWith(`::${name}`));
        return urn === undefined ? [] : [[urn, on] as const];
      }),
    ),
    ids: () =>
      context.resources
        .list()
        .map(({ id }) => id.toLowerCase())
        .sort()
        .join("\n"),
    post: (path) => armCall(environment, "POST", path),
    async restoreAll() {
      const refreshing: Engine = { ...engine, up: (stack) => engine.up(stack, { refresh: true }) };
      environment = (await deployStack(azure, refreshing, place)).environment;
    },
    async close() {
      await azure.stop();
      await removeEverything(folder);
    },
  };
}

/** A call of Data Factory's own routes. @throws Error with the answer if it is refused */
export async function armCall(
  { arm }: Environment,
  method: "GET" | "POST",
  path: string,
  body: unknown = {},
): Promise<Record<string, unknown>> {
  const response = await fetch(`${arm.endpoint}${path}?api-version=2018-06-01`, {
    method,
    headers: { authorization: `Bearer ${arm.token}`, "content-type": "application/json" },
    ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** Notes what is made, as it was asked for. */
function recording(provider: ResourceProvider, made: Map<string, Deployed>): ResourceProvider {
  return {
    ...provider,
    async create(address, inputs, preview) {
      const created = await provider.create(address, inputs, preview);
      const { urn, type, name } = addressOf(address.urn);
      const plain = revealProperties(inputs);
      if (stackOf(urn) === "dev")
        made.set(urn, { urn, type, name, id: created.id, inputs: plain, outputs: created.outputs });
      return created;
    },
    async update(address, id, olds, inputs, preview) {
      const outputs = await provider.update(address, id, olds, inputs, preview);
      const before = made.get(address.urn);
      if (before !== undefined)
        made.set(address.urn, { ...before, id, inputs: revealProperties(inputs), outputs });
      return outputs;
    },
  };
}

/** The program, noting by name what each resource waits for. */
function withWaits(
  program: StackRequest["program"],
  waits: Map<string, readonly string[]>,
): StackRequest["program"] {
  return async () => {
    pulumi.runtime.registerStackTransformation(({ name, props, opts }) => {
      const on = dependenciesOf(opts).map((resource) => nameOf(resource));
      if (on.length > 0) waits.set(name, on);
      return { props, opts };
    });
    return program();
  };
}

/** The resources that are known without waiting; the program names no others. */
export function dependenciesOf({ dependsOn }: pulumi.ResourceOptions): pulumi.Resource[] {
  const list: unknown[] = Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  return list.filter((one): one is pulumi.Resource => pulumi.Resource.isInstance(one));
}

export const nameOf = (resource: pulumi.Resource) => (resource as unknown as { __name: string }).__name;
