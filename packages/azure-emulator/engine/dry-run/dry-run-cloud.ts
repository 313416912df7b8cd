import {
  dryRunClientId,
  dryRunPrincipalId,
  dryRunProperties,
  type ResourceTypeCatalogue,
} from "../../../azure-resource-types";
import { stableGuid } from "../../../kit/stable-guid";
import type { ResourcePlane } from "../../control-plane/local-service";
import type { ArmIdentity, ArmResource } from "../../control-plane/resource";
import { parseResourceId } from "../../control-plane/resource-id";
import { requireServed } from "../../control-plane/served-types";

/**
 * A control plane that only stores resources and fills in deterministic values for what Azure would fill in; no service
 * runs behind it. It accepts the same types as the emulator. A program that reads an output that is not filled in here
 * gets `undefined`; when two programs are compared, both do.
 */
export function createDryRunCloud(types: ResourceTypeCatalogue): ResourcePlane {
  const resources = new Map<string, ArmResource>();
  const serves = (type: string) => (types.byType(type)?.runs ?? "nowhere") !== "nowhere";
  return {
    types,
    serves,
    async put(id, body) {
      const { name = "", type = "" } = parseResourceId(id) ?? {};
      requireServed({ serves }, type, id);
      const { identity, ...rest } = body;
      const resource: ArmResource = {
        ...rest,
        id,
        name,
        type,
        ...(identity && { identity: identityOf(id, identity) }),
        properties: { ...body.properties, ...dryRunProperties(types.byType(type) ?? {}, { id, name }) },
      };
      resources.set(id.toLowerCase(), resource);
      return resource;
    },
    get: async (id) => resources.get(id.toLowerCase()),
    list: async () => [...resources.values()],
    async delete(id) {
      resources.delete(id.toLowerCase());
    },
  };
}

function identityOf(id: string, identity: ArmIdentity): ArmIdentity {
  const users = identity.userAssignedIdentities;
  const ids = Array.isArray(users) ? users.map(String) : Object.keys(users ?? {});
  return {
    type: identity.type,
    ...(/SystemAssigned/i.test(identity.type) && {
      principalId: dryRunPrincipalId(id),
      tenantId: stableGuid("tenant"),
    }),
    ...(ids.length > 0 && {
      userAssignedIdentities: Object.fromEntries(
        ids.map((user) => [user, { principalId: dryRunPrincipalId(user), clientId: dryRunClientId(user) }]),
      ),
    }),
  };
}
