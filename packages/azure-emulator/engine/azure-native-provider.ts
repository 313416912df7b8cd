import { randomBytes, randomUUID } from "node:crypto";
import { version } from "@pulumi/azure-native/package.json";
import { nameInput, pathInputs, type TokenDescriptor } from "../../azure-resource-types";
import type { Principal } from "../control-plane/identity";
import { ArmError, type ResourcePlane } from "../control-plane/local-service";
import type { ArmResource } from "../control-plane/resource";
import { requireServed } from "../control-plane/served-types";
import { EmulatorError } from "../errors/emulator-error";
import { predictOutputs, projectInputs, toArmBody, toOutputs } from "./arm-shape";
import { refuseExisting } from "./existing-resource";
import { diffInputs } from "./input-diff";
import { describedType, knownResourceId } from "./resource-map";
import type { CheckResult, CreateResult, ResourceAddress, ResourceProvider } from "./resource-provider";
import type { WireProperties } from "./wire-values";

export interface AzureNativeOptions {
  readonly controlPlane: ResourcePlane;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** The deployer's identity. */
  readonly principal: Principal;
}

/** Replaces the azure-native provider: same type tokens, inputs and outputs, but it deploys to the local control plane. */
export function createAzureNativeProvider(options: AzureNativeOptions): ResourceProvider {
  const { controlPlane, principal, subscriptionId } = options;
  let location: string | undefined;

  const typeOf = (resource: ResourceAddress): TokenDescriptor =>
    describedType(controlPlane.types, resource.type);

  /** Fails a preview if the deployment would fail because the emulator does not support the type. */
  const requireSupported = (
    resource: ResourceAddress,
    described: TokenDescriptor,
    inputs: WireProperties,
  ): void => {
    const id = knownResourceId(described, inputs, subscriptionId);
    requireServed(controlPlane, described.type, id ?? resource.name);
  };

  const requireId = (
    name: string,
    type: string,
    described: TokenDescriptor,
    inputs: WireProperties,
  ): string => {
    const id = knownResourceId(described, inputs, subscriptionId);
    if (id === undefined)
      throw new EmulatorError("QT7002", { name, type, inputs: pathInputs(described).join(", ") });
    return id;
  };

  const put = async (
    id: string,
    described: TokenDescriptor,
    inputs: WireProperties,
  ): Promise<CreateResult> => {
    const stored = await controlPlane.put(id, toArmBody(described, inputs), principal);
    // Take the outputs from a GET, because a later refresh compares with a GET; it omits write-only properties.
    // Azure's own id: that of a custom role is not where it was made.
    const { id: own } = stored;
    try {
      return { id: own, outputs: await outputsOf(own, described, (await tryGet(own)) ?? stored, inputs) };
    } catch (error) {
      // What was written is there: azure-native only warns of it, and keeps what the PUT answered (provider.go, readAfterWrite).
      if (error instanceof ArmError && error.status === 403)
        return { id: own, outputs: toOutputs(described, stored) };
      throw error;
    }
  };

  const outputsOf = async (
    id: string,
    described: TokenDescriptor,
    found: ArmResource,
    inputs: WireProperties,
  ): Promise<WireProperties> => {
    const outputs = toOutputs(described, found);
    for (const property of described.madeApart ?? [])
      if (inputs[property] === undefined) delete outputs[property];
    for (const [property, child] of Object.entries(described.readsInto ?? {})) {
      const read = await tryGet(`${id}/${child}`);
      if (read !== undefined) outputs[property] = read.properties;
    }
    return outputs;
  };

  const tryGet = (id: string): Promise<ArmResource | undefined> =>
    notFoundAsUndefined(controlPlane.get(id, principal));

  const regionOf = async (inputs: WireProperties): Promise<string | undefined> => {
    if (location !== undefined || typeof inputs.resourceGroupName !== "string") return location;
    const group = await tryGet(`/subscriptions/${subscriptionId}/resourceGroups/${inputs.resourceGroupName}`);
    return group?.location;
  };

  return {
    name: "azure-native",
    version,
    configure(config) {
      location = typeof config.location === "string" ? config.location : undefined;
    },
    async check(resource, olds, news): Promise<CheckResult> {
      const described = typeOf(resource);
      const inputs: Record<string, unknown> = { ...news };
      if (described.location && inputs.location === undefined) {
        const region = olds?.location ?? (await regionOf(inputs));
        if (region !== undefined) inputs.location = region;
      }
      Object.assign(inputs, nameFor(resource, described, olds, inputs));
      const failures = pathInputs(described)
        .filter((name) => inputs[name] === undefined || inputs[name] === "")
        .map((property) => ({ property, reason: `${described.type} needs it for its id.` }));
      return { inputs, failures };
    },
    async diff(resource, _id, oldInputs, _oldOutputs, news) {
      const described = typeOf(resource);
      return diffInputs(oldInputs, news, {
        replaceOn: [
          ...pathInputs(described),
          ...(described.location ? ["location"] : []),
          ...(described.createOnly ?? []),
        ],
        locations: described.location ? ["location"] : [],
        programNames: news[generatedName] !== true,
      });
    },
    async create(resource, inputs, preview) {
      const described = typeOf(resource);
      requireSupported(resource, described, inputs);
      if (preview) return { id: "", outputs: predictOutputs(described, inputs) };
      const id = requireId(resource.name, resource.type, described, inputs);
      // As azure-native does, it looks first, and so needs the right to read.
      await refuseExisting(controlPlane, id, described, principal);
      return put(id, described, inputs);
    },
    async find(resource, inputs) {
      const described = typeOf(resource);
      const id = knownResourceId(described, inputs, subscriptionId);
      return id === undefined || described.neverDeleted ? undefined : (await tryGet(id))?.id;
    },
    async read(resource, id, inputs, outputs) {
      const described = typeOf(resource);
      const found = await tryGet(id);
      if (!found) return undefined;
      const now = await outputsOf(id, described, found, inputs);
      return { id, inputs: projectInputs(described, inputs, outputs, now), outputs: now };
    },
    async update(resource, id, oldOutputs, news, preview) {
      const described = typeOf(resource);
      if (!preview) {
        // As azure-native does, at the address that the inputs say.
        const { outputs } = await put(
          knownResourceId(described, news, subscriptionId) ?? id,
          described,
          news,
        );
        return outputs;
      }
      requireSupported(resource, described, news);
      return predictOutputs(described, news, oldOutputs);
    },
    async delete(resource, id) {
      const { neverDeleted, resetTo } = typeOf(resource);
      // As azure-native does it: what cannot be deleted is set back to Azure's defaults, even if its parent is deleted next.
      if (resetTo !== undefined && (await tryGet(id)) !== undefined)
        await controlPlane.put(id, { properties: { ...resetTo } }, principal);
      if (neverDeleted) return;
      await notFoundAsUndefined(controlPlane.delete(id, principal));
    },
    async invoke(token, args) {
      if (token === "azure-native:authorization:getClientConfig")
        return {
          clientId: principal.clientId,
          objectId: principal.objectId,
          subscriptionId,
          tenantId: options.tenantId,
        };
      const read = resourceToken(token);
      const described = read === undefined ? undefined : controlPlane.types.byToken(read);
      if (!described) throw new EmulatorError("QT7003", { token });
      const id = requireId(token, token, described, args);
      const found = await controlPlane.get(id, principal);
      if (!found) throw new ArmError(404, "ResourceNotFound", `The resource '${id}' was not found.`);
      return { id, ...toOutputs(described, found) };
    },
  };
}

/** `azure-native:sql:getServer` reads what `azure-native:sql:Server` deploys: the same path, the same outputs. */
function resourceToken(functionToken: string): string | undefined {
  const [, module, name] = /^(.*:)get([A-Z]\w*)$/.exec(functionToken) ?? [];
  return module && name && module + name;
}

/** Marks inputs with a generated name: their replacement can exist before the old resource is deleted. */
const generatedName = "__createBeforeDelete";

/** The name of a resource that the program did not name: the earlier generated one, else a new one. */
function nameFor(
  resource: ResourceAddress,
  described: TokenDescriptor,
  olds: WireProperties | undefined,
  inputs: WireProperties,
): WireProperties {
  const property = nameInput(described);
  if (property === undefined || inputs[property] !== undefined) return {};
  const kept = olds?.[generatedName] === true ? olds[property] : undefined;
  return { [property]: kept ?? generateName(resource, described), [generatedName]: true };
}

function generateName(resource: ResourceAddress, described: TokenDescriptor): string {
  if (described.guidName) return randomUUID();
  // A child's name must be unique only within its parent, so azure-native uses the logical name unchanged.
  const isChild = described.type.split("/").length > 2;
  return isChild ? resource.name : `${resource.name}${randomBytes(4).toString("hex")}`;
}

async function notFoundAsUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ArmError && error.status === 404) return undefined;
    throw error;
  }
}
