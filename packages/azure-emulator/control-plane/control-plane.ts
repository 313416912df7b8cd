import { isDeepStrictEqual } from "node:util";
import { azureResourceTypes, type ResourceTypeCatalogue } from "../../azure-resource-types";
import { ArmError } from "./arm-error";
import { coreTypes } from "./core-types";
import type { Principal } from "./identity";
import type { ControlPlane, LocalContext, LocalService, ResourceType } from "./local-service";
import { resolveIdentity } from "./managed-identity";
import { createOperationLocks } from "./operation-locks";
import type { AssignedPolicy } from "./policy/assigned-policy";
import type { PolicyGroup } from "./policy/expression";
import { govern } from "./policy/govern";
import type { ArmBody, ArmResource } from "./resource";
import { parentId, parseResourceId, type ResourceId, resourceGroupOf, sameId } from "./resource-id";
import { requireServed, servedTypes } from "./served-types";
import { withoutPaths } from "./without-paths";

/**
 * Puts, reads and deletes resources of the types that the services run. Every call is checked against the principal's roles
 * (`<type>/write`, `/read`, `/delete` at the resource). A PUT observes, ensures and returns, so a repeated PUT changes nothing. A
 * resource is in the store only after its service has made it.
 * @param types the catalogue that describes the services' types
 * @param policies what each PUT must pass
 * @throws Error if a service registers a type differently from its description.
 */
export function createControlPlane(
  context: LocalContext,
  services: readonly LocalService[],
  types: ResourceTypeCatalogue = azureResourceTypes,
  policies: readonly AssignedPolicy[] = [],
): ControlPlane {
  const resourceManager = { name: "resource-manager", resourceTypes: coreTypes(context) };
  const served = servedTypes(types, [resourceManager, ...services]);
  const serves = (type: string) => served.has(type.toLowerCase());
  const locks = createOperationLocks();
  const { resources, access } = context;

  const typed = (id: string): { address: ResourceId; type: ResourceType } => {
    const address = parseResourceId(id);
    if (address === undefined)
      throw new ArmError(400, "InvalidResourceId", `'${id}' is not the id of a resource.`);
    requireServed({ serves }, address.type, id);
    const type = served.get(address.type.toLowerCase()) as ResourceType;
    return { address: { ...address, type: type.type }, type };
  };

  const governed = (address: ResourceId, body: ArmBody): ArmBody => {
    if (policies.length === 0) return body;
    const { properties = {} } = body;
    const isGroup = address.type === "Microsoft.Resources/resourceGroups";
    const indexed = !isGroup && types.byType(address.type)?.location === true;
    // Policies know groups by the name of their collection.
    const type = isGroup ? "Microsoft.Resources/subscriptions/resourceGroups" : address.type;
    const resourceGroup = groupOf(context, address.id);
    const target = { ...address, ...body, type, properties, resourceGroup };
    const { tags, properties: changed } = govern(policies, target, indexed);
    return { ...body, ...(tags && { tags }), properties: changed };
  };

  const put = async (address: ResourceId, type: ResourceType, sent: ArmBody, principal: Principal) => {
    requireParent(context, address);
    const existing = resources.get(address.id);
    requireSameLocation(existing, sent);
    const body = governed(address, sent);
    // The spelling of the first PUT stays, as in Azure.
    const { id, name } = existing ?? address;
    const identity = resolveIdentity(context, id, name, body.identity);
    const resolved: ArmBody = { ...body, ...(identity && { identity }) };
    const made = (await type.put?.({ id, name, body: resolved, existing, principal })) ?? {};
    const { identity: _, ...rest } = resolved;
    const resource: ArmResource = {
      ...rest,
      ...(identity && { identity }),
      ...made,
      id,
      type: address.type,
      name,
      properties: { ...body.properties, ...made.properties },
    };
    if (!isDeepStrictEqual(existing, resource)) await resources.set(resource);
    await type.stored?.(resource);
    return resource;
  };

  const readable = (resource: ArmResource): ArmResource => {
    const { writeOnly = [] } = types.byType(resource.type) ?? {};
    const { internal = [] } = served.get(resource.type.toLowerCase()) ?? {};
    return withoutPaths(resource, [...writeOnly, ...internal]);
  };

  const removeOne = async (resource: ArmResource) => {
    await served.get(resource.type.toLowerCase())?.delete?.(resource);
    await resources.remove(resource.id);
    context.principals.forget(resource.id);
  };

  return {
    types,
    serves,
    async put(id, body, principal) {
      const { address, type } = typed(id);
      access.require(principal, `${type.type}/write`, id);
      const resource = await locks.exclusive(id, () => put(address, type, body, principal));
      return readable(resource);
    },
    async get(id, principal) {
      const { type } = typed(id);
      access.require(principal, `${type.type}/read`, id);
      const resource = resources.get(id);
      return resource && readable(resource);
    },
    async delete(id, principal) {
      const { type } = typed(id);
      access.require(principal, `${type.type}/delete`, id);
      await locks.deleting(id, async () => {
        for (const resource of deletionOrder(resources.list({ under: id }))) await removeOne(resource);
      });
    },
    async list({ type, under }, principal) {
      access.require(principal, `${type ?? "Microsoft.Resources/subscriptions/resources"}/read`, under);
      return resources.list(type === undefined ? { under } : { type, under }).map(readable);
    },
  };
}

/** Children before their parents; roles next to last, because the deletions before may need them; the group last. */
export function deletionOrder(resources: readonly ArmResource[]): ArmResource[] {
  const rank = ({ type }: ArmResource) => {
    if (/\/roleDefinitions$/i.test(type)) return 2;
    return /\/(roleAssignments|userAssignedIdentities)$/i.test(type) ? 1 : 0;
  };
  const depth = ({ id }: ArmResource) => id.split("/").length;
  const isGroup = ({ type }: ArmResource) => /\/resourceGroups$/i.test(type);
  return [...resources].sort(
    (a, b) => Number(isGroup(a)) - Number(isGroup(b)) || rank(a) - rank(b) || depth(b) - depth(a),
  );
}

/** A resource's group as its policies see it; without a name above the level of groups. */
function groupOf({ resources }: LocalContext, id: string): PolicyGroup {
  const group = resources.get(resourceGroupOf(id) ?? "");
  return { name: group?.name ?? "", location: group?.location ?? "", tags: group?.tags ?? {} };
}

function requireParent(context: LocalContext, { id, type }: ResourceId): void {
  const group = resourceGroupOf(id);
  if (group !== undefined && !sameId(group, id) && context.resources.get(group) === undefined) {
    throw new ArmError(
      404,
      "ResourceGroupNotFound",
      `Resource group '${group.split("/").at(-1)}' could not be found.`,
    );
  }
  const parent = parentThatMustExist(parentId(id));
  if (parseResourceId(parent) === undefined || context.resources.get(parent) !== undefined) return;
  throw new ArmError(
    404,
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource(s) of type '${type}', because the parent resource '${parent}' could not be found.`,
  );
}

/** `blobServices/default` and the like come with their account; clients never PUT them. */
function parentThatMustExist(id: string): string {
  return /\/(blob|queue|table|file)Services\/default$/i.test(id) ? parentId(id) : id;
}

function requireSameLocation(existing: ArmResource | undefined, body: ArmBody): void {
  const normal = (location: string | undefined) => location?.replaceAll(" ", "").toLowerCase();
  if (!existing?.location || !body.location || normal(existing.location) === normal(body.location)) return;
  throw new ArmError(
    409,
    "InvalidResourceLocation",
    `The resource '${existing.name}' already exists in location '${existing.location}'. A resource with the same name cannot be created in location '${body.location}'.`,
  );
}
