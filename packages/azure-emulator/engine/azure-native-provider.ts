import { randomBytes, randomUUID } from "node:crypto";
import { version } from "@pulumi/azure-native/package.json";
import type { Principal } from "../control-plane/identity";
import { ArmError, type ControlPlane } from "../control-plane/local-service";
import type { ArmResource } from "../control-plane/resource";
import { EmulatorError } from "../errors/emulator-error";
import { foreseeOutputs, projectInputs, toArmBody, toOutputs } from "./arm-shape";
import { diffInputs } from "./input-diff";
import { armType, mappingOf, nameInput, pathInputs, resourceId } from "./resource-map";
import type { CheckResult, ResourceAddress, ResourceProvider } from "./resource-provider";
import type { ResourceMapping } from "./resource-types";
import type { WireProperties } from "./wire-values";

/** Where the provider works and as whom. */
export interface AzureNativeOptions {
  readonly controlPlane: ControlPlane;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Who deploys. */
  readonly principal: Principal;
}

/** Stands in for the azure-native provider: the same tokens, inputs and outputs, onto the local control plane. */
export function createAzureNativeProvider(options: AzureNativeOptions): ResourceProvider {
  const { controlPlane, principal, subscriptionId } = options;
  let location: string | undefined;

  const idOf = (resource: ResourceAddress, mapping: ResourceMapping, inputs: WireProperties): string => {
    const id = resourceId(mapping, inputs, subscriptionId);
    if (id === undefined) {
      throw new EmulatorError("QT7002", {
        name: resource.name,
        type: resource.type,
        inputs: pathInputs(mapping).join(", "),
      });
    }
    return id;
  };

  const put = async (
    id: string,
    mapping: ResourceMapping,
    inputs: WireProperties,
  ): Promise<WireProperties> => {
    const stored = await controlPlane.put(id, toArmBody(mapping, inputs), principal);
    // GET is what a later refresh compares with; it leaves out what Azure never returns.
    return toOutputs(mapping, (await readable(id)) ?? stored);
  };

  const readable = (id: string): Promise<ArmResource | undefined> =>
    notFoundAsUndefined(controlPlane.get(id, principal));

  const regionOf = async (inputs: WireProperties): Promise<string | undefined> => {
    if (location !== undefined || typeof inputs.resourceGroupName !== "string") return location;
    const group = await readable(
      `/subscriptions/${subscriptionId}/resourceGroups/${inputs.resourceGroupName}`,
    );
    return group?.location;
  };

  return {
    name: "azure-native",
    version,
    configure(config) {
      location = typeof config.location === "string" ? config.location : undefined;
    },
    async check(resource, olds, news): Promise<CheckResult> {
      const mapping = mappingOf(resource.type);
      const inputs: Record<string, unknown> = { ...news };
      if (mapping.location && inputs.location === undefined) {
        const region = olds?.location ?? (await regionOf(inputs));
        if (region !== undefined) inputs.location = region;
      }
      Object.assign(inputs, nameFor(resource, mapping, olds, inputs));
      const failures = pathInputs(mapping)
        .filter((name) => inputs[name] === undefined || inputs[name] === "")
        .map((property) => ({ property, reason: `${armType(mapping)} needs it for its id.` }));
      return { inputs, failures };
    },
    async diff(resource, _id, oldInputs, _oldOutputs, news) {
      const mapping = mappingOf(resource.type);
      return diffInputs(oldInputs, news, {
        replaceOn: [
          ...pathInputs(mapping),
          ...(mapping.location ? ["location"] : []),
          ...(mapping.replaceOn ?? []),
        ],
        locations: mapping.location ? ["location"] : [],
        sameName: news[generatedName] !== true,
      });
    },
    async create(resource, inputs, preview) {
      const mapping = mappingOf(resource.type);
      if (preview) return { id: "", outputs: foreseeOutputs(mapping, inputs) };
      const id = idOf(resource, mapping, inputs);
      return { id, outputs: await put(id, mapping, inputs) };
    },
    async read(resource, id, inputs, outputs) {
      const mapping = mappingOf(resource.type);
      const found = await readable(id);
      if (!found) return undefined;
      const now = toOutputs(mapping, found);
      return { id, inputs: projectInputs(inputs, outputs, now), outputs: now };
    },
    async update(resource, id, oldOutputs, news, preview) {
      const mapping = mappingOf(resource.type);
      return preview ? foreseeOutputs(mapping, news, oldOutputs) : put(id, mapping, news);
    },
    async delete(resource, id) {
      if (mappingOf(resource.type).neverDeleted) return;
      await notFoundAsUndefined(controlPlane.delete(id, principal));
    },
    async invoke(token) {
      if (token !== "azure-native:authorization:getClientConfig")
        throw new EmulatorError("QT7003", { token });
      return {
        clientId: principal.clientId,
        objectId: principal.objectId,
        subscriptionId,
        tenantId: options.tenantId,
      };
    },
  };
}

/** Marks inputs whose name was made up here, so that a replacement may stand beside the old resource for a while. */
const generatedName = "__createBeforeDelete";

/** A name for a resource that the program did not name: kept from before, else derived from the logical name. */
function nameFor(
  resource: ResourceAddress,
  mapping: ResourceMapping,
  olds: WireProperties | undefined,
  inputs: WireProperties,
): WireProperties {
  const property = nameInput(mapping);
  if (property === undefined || inputs[property] !== undefined) return {};
  const kept = olds?.[generatedName] === true ? olds[property] : undefined;
  return { [property]: kept ?? inventName(resource, mapping), [generatedName]: true };
}

function inventName(resource: ResourceAddress, mapping: ResourceMapping): string {
  const type = armType(mapping);
  if (type.startsWith("Microsoft.Authorization/")) return randomUUID();
  // A child's name only has to be unique below its parent, so azure-native takes the logical name as it is.
  const isChild = type.split("/").length > 2;
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
