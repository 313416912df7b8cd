import { azureResourceTypes } from "../../../azure-resource-types";
import type { ResourcePlane } from "../../control-plane/local-service";
import type { ArmBody, ArmResource } from "../../control-plane/resource";

/** An in-memory control plane for tests: stores bodies, fills in what Azure would, and records calls. */
export interface MemoryControlPlane extends ResourcePlane {
  readonly resources: Map<string, ArmResource>;
  readonly calls: { readonly verb: "put" | "delete"; readonly id: string }[];
  /** Runs before a PUT; may throw or wait. */
  beforePut?: (id: string, body: ArmBody) => void | Promise<void>;
}

export function createMemoryControlPlane(): MemoryControlPlane {
  const resources = new Map<string, ArmResource>();
  const calls: MemoryControlPlane["calls"] = [];
  const plane: MemoryControlPlane = {
    resources,
    calls,
    types: azureResourceTypes,
    serves: () => true,
    async put(id, body) {
      await plane.beforePut?.(id, body);
      calls.push({ verb: "put", id });
      const name = id.split("/").at(-1) ?? "";
      const type = typeOf(id);
      const resource: ArmResource = {
        ...body,
        id,
        name,
        type,
        ...(body.identity ? { identity: withPrincipal(id, body.identity) } : {}),
        properties: { ...body.properties, ...filledIn(type, name) },
      };
      resources.set(id.toLowerCase(), resource);
      return resource;
    },
    list: async () => [...resources.values()],
    get: async (id) => resources.get(id.toLowerCase()),
    async delete(id) {
      calls.push({ verb: "delete", id });
      resources.delete(id.toLowerCase());
    },
  };
  return plane;
}

function typeOf(id: string): string {
  const [, after] = /.*\/providers\/(.+)$/.exec(id) ?? [];
  if (after === undefined) return "Microsoft.Resources/resourceGroups";
  const [provider, ...rest] = after.split("/");
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

function withPrincipal(
  id: string,
  identity: NonNullable<ArmBody["identity"]>,
): NonNullable<ArmBody["identity"]> {
  return { ...identity, principalId: `principal of ${id.split("/").at(-1)}`, tenantId: "tenant" };
}

function filledIn(type: string, name: string): Record<string, unknown> {
  if (type === "Microsoft.Storage/storageAccounts") {
    return { primaryEndpoints: { blob: `https://127.0.0.1/storage/${name}/` } };
  }
  if (type === "Microsoft.KeyVault/vaults") return { vaultUri: `https://127.0.0.1/keyvault/${name}/` };
  return {};
}
