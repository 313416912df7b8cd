import {
  actionOf,
  azureResourceTypes,
  normalRegion,
  type ResourceTypeCatalogue,
  usualPutStatus,
  waitAction,
} from "../../azure-resource-types";

import { ArmError } from "./arm-error";
import { checkResource } from "./body-check/check-resource";
import { canonicalId } from "./canonical-id";
import { requireConditions } from "./conditions";
import { coreTypes } from "./core-types";
import { isCustomRole } from "./custom-roles";
import { followDefinitions } from "./fresh-roles";
import type { Principal } from "./identity";
import { requireLinked } from "./linked-access";
import type {
  ControlPlane,
  LocalContext,
  LocalService,
  PutResult,
  ResourceType,
  WriteRequest,
} from "./local-service";
import { resolveIdentity } from "./managed-identity";
import { createOperationLocks } from "./operation-locks";
import { pollScopeOf } from "./operations";
import type { AssignedPolicy } from "./policy/assigned-policy";
import { govern } from "./policy/govern";
import type { PolicyGroup } from "./policy/policy-target";
import { requireRegistered } from "./provider-registry";
import type { ArmBody, ArmResource } from "./resource";
import { requireGroup } from "./resource-groups";
import {
  isAtOrUnder,
  parentId,
  parseResourceId,
  type ResourceId,
  resourceGroupOf,
  sameId,
} from "./resource-id";
import { viewOf } from "./resource-view";
import { builtInRole } from "./role-lists";
import { requireServed, servedTypes } from "./served-types";
import { changedBy, sameContent } from "./system-data";

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
  const freshRoles = followDefinitions(context);
  const resourceManager = { name: "resource-manager", resourceTypes: coreTypes(context, freshRoles) };
  const served = servedTypes(types, [resourceManager, ...services]);
  const serviceOf = (type: string) => served.get(type.toLowerCase());
  const serves = (type: string) => serviceOf(type) !== undefined;
  const locks = createOperationLocks();
  const { resources, access } = context;

  const typed = (id: string): { address: ResourceId; type: ResourceType } => {
    const asked = parseResourceId(id);
    if (asked === undefined)
      throw new ArmError(400, "InvalidResourceId", `'${id}' is not the id of a resource.`);
    requireServed({ serves }, asked.type, id);
    const type = serviceOf(asked.type) as ResourceType;
    const address = parseResourceId(canonicalId(id, types, resources)) ?? asked;
    return { address: { ...address, type: type.type }, type };
  };

  const governed = (address: ResourceId, body: ArmBody): ArmBody => {
    if (policies.length === 0) return body;
    const { properties = {} } = body;
    const group = isGroup(address);
    const indexed = !group && types.byType(address.type)?.location === true;
    // Policies know groups by the name of their collection.
    const type = group ? "Microsoft.Resources/subscriptions/resourceGroups" : address.type;
    const resourceGroup = groupOf(context, address.id);
    const target = { ...address, ...body, type, properties, resourceGroup };
    const governed = govern(policies, target, indexed);
    if (governed === target) return body;
    const { tags } = governed;
    return { ...body, ...(tags && { tags }), properties: governed.properties };
  };

  const put = async (
    address: ResourceId,
    type: ResourceType,
    sent: ArmBody,
    principal: Principal,
    request: WriteRequest,
  ): Promise<PutResult> => {
    requireRegistered(context.providers, type.type);
    requireParent(context, address);
    const existing = resources.get(address.id);
    const checked = checkResource(types, address, sent, request, existing);
    if (types.byType(type.type)?.etag !== undefined) requireConditions(request, address.id, existing);
    requireSameLocation(existing, checked);
    const wantedByPolicy = governed(address, checked);
    // What a policy writes into a request is checked as if the client had sent it.
    const body =
      wantedByPolicy === checked ? checked : checkResource(types, address, wantedByPolicy, request, existing);
    // The spelling of the first PUT stays, as in Azure.
    const { id, name } = existing ?? address;
    const identity = resolveIdentity(context, id, name, body.identity);
    const resolved: ArmBody = { ...body, ...(identity && { identity }) };
    const made = (await type.put?.({ id, name, body: resolved, existing, principal })) ?? {};
    const { identity: _, ...rest } = resolved;
    const wanted: ArmResource = {
      ...rest,
      ...(identity && { identity }),
      ...made,
      id,
      type: address.type,
      name,
      systemData: changedBy(principal, existing?.systemData),
      properties: { ...body.properties, ...made.properties },
    };
    if (!sameContent(existing, wanted)) await resources.set(wanted);
    const resource = resources.get(id) ?? wanted;
    await type.stored?.(resource);
    return { resource, created: existing === undefined };
  };

  const listOnly = (id: string) => {
    const { address, type } = typed(id);
    return type.listOnly?.(address.name) === true;
  };
  const view = (resource: ArmResource): ArmResource => {
    const shown = viewOf(resource, types, serviceOf(resource.type));
    if (!isGroup(resource) || !locks.beingDeleted(resource.id)) return shown;
    return { ...shown, properties: { ...shown.properties, provisioningState: "Deleting" } };
  };

  /** Refuses a PUT for which the principal lacks a right: of the type, or at a resource that the body names. */
  const requirePut = (id: string, type: string, body: ArmBody, principal: Principal) => {
    const action = actionOf(type, "write");
    access.require(principal, action, id, "action", { request: body.properties });
    requireLinked(access, principal, types.byType(type) ?? {}, { id, action, body: { ...body } });
  };

  /** A PUT by somebody who may. */
  const write: ControlPlane["putIf"] = async (request, id, body, principal) => {
    const { address, type } = typed(id);
    const change = () => locks.exclusive(id, () => put(address, type, body, principal, request));
    const { oneChangeOf } = types.byType(type.type) ?? {};
    const whole = oneChangeOf === "parent" ? address.parent : address.id;
    const { resource, created } = await (oneChangeOf === undefined ? change() : locks.alone(whole, change));
    return { resource: view(resource), created };
  };

  /** Whoever waits for what ends later polls it. */
  const requireWait = (id: string, principal: Principal) => {
    const described = types.byType(typed(id).type.type);
    const action = described && waitAction(described);
    if (action !== undefined) access.require(principal, action, pollScopeOf(context, id));
  };

  const requireDeletable = (id: string) => {
    const stays = (other: string) => !isAtOrUnder(other, id);
    for (const resource of resources.list({ under: id }))
      serviceOf(resource.type)?.mayDelete?.(resource, stays);
  };

  const removeOne = async (resource: ArmResource) => {
    await serviceOf(resource.type)?.delete?.(resource);
    await resources.remove(resource.id);
    context.principals.forget(resource.id);
  };

  const beginDelete: ControlPlane["beginDelete"] = async (id, principal, conditions) => {
    const { address, type } = typed(id);
    const { deletedByData } = types.byType(type.type) ?? {};
    const facts = { resource: resources.get(id)?.properties };
    if (deletedByData === undefined)
      access.require(principal, actionOf(type.type, "delete"), id, "action", facts);
    else access.require(principal, deletedByData, id, "dataAction");
    return new Promise((permitted, refused) => {
      const done = locks.deleting(id, async () => {
        if (types.byType(type.type)?.etag !== undefined)
          requireConditions(conditions, address.id, resources.get(id));
        requireDeletable(id);
        permitted({ done });
        // A group takes along what is in it, and its roles are not.
        const below = resources.list({ under: id }).filter((one) => !isCustomRole(one) || sameId(one.id, id));
        for (const resource of below) await serviceOf(resource.type)?.deleting?.(resource);
        for (const resource of deletionOrder(below)) await removeOne(resource);
      });
      // What fails once the deletion is permitted is told by `done` alone.
      done.catch(refused);
    });
  };

  return {
    types,
    serves,
    async putIf(request, id, body, principal) {
      requirePut(id, typed(id).type.type, body, principal);
      return write(request, id, body, principal);
    },
    async put(id, body, principal) {
      const { type } = typed(id).type;
      const { putStatus = usualPutStatus } = types.byType(type) ?? {};
      const isNew = resources.get(id) === undefined;
      requirePut(id, type, body, principal);
      // Before anything is made: azure-native keeps what it cannot wait for, half made, in its state.
      if ((isNew ? putStatus.created : putStatus.updated) === 202) requireWait(id, principal);
      return (await write({}, id, body, principal)).resource;
    },
    listOnly,
    async get(id, principal) {
      const { address, type } = typed(id);
      access.require(principal, listOnly(id) ? `${type.type}/list/action` : actionOf(type.type, "read"), id);
      if (isCustomRole(type) && freshRoles.isUnknown(address.name)) return undefined;
      const resource = resources.get(id) ?? roleOf(context, address);
      return resource && view(resource);
    },
    beginDelete,
    async delete(id, principal) {
      const existed = resources.get(id) !== undefined;
      await (await beginDelete(id, principal, {})).done;
      if (existed && types.byType(typed(id).type.type)?.deletedLater) requireWait(id, principal);
    },
    shown: view,
    async list({ type, under }, principal) {
      access.require(
        principal,
        actionOf(type ?? "Microsoft.Resources/subscriptions/resources", "read"),
        under,
      );
      return resources
        .list(type === undefined ? { under } : { type, under })
        .filter((resource) => !serviceOf(resource.type)?.listOnly?.(resource.name))
        .map(view);
    },
  };
}

function isGroup({ type }: Pick<ArmResource, "type">): boolean {
  return /\/resourceGroups$/i.test(type);
}

/** Children before their parents; roles next to last, because the deletions before may need them; the group last. */
export function deletionOrder(resources: readonly ArmResource[]): ArmResource[] {
  const rank = ({ type }: ArmResource) => {
    if (/\/roleDefinitions$/i.test(type)) return 2;
    return /\/(roleAssignments|userAssignedIdentities)$/i.test(type) ? 1 : 0;
  };
  const depth = ({ id }: ArmResource) => id.split("/").length;
  return [...resources].sort(
    (a, b) => Number(isGroup(a)) - Number(isGroup(b)) || rank(a) - rank(b) || depth(b) - depth(a),
  );
}

/** A resource's group as its policies see it; without a name above the level of groups. */
function groupOf({ resources }: LocalContext, id: string): PolicyGroup {
  const group = resources.get(resourceGroupOf(id) ?? "");
  const { id: groupId = "", name = "", location = "", tags = {} } = group ?? {};
  return { id: groupId, name, location, tags };
}

/** A role is known wherever it can be assigned, not only at the scope where it was made; built-in ones everywhere. */
function roleOf(context: LocalContext, { type, name, parent }: ResourceId): ArmResource | undefined {
  if (!/^Microsoft\.Authorization\/roleDefinitions$/i.test(type)) return undefined;
  const custom = context.resources.list({ type }).find((role) => sameId(role.name, name));
  const scopes = (custom?.properties.assignableScopes ?? []) as readonly string[];
  const known = scopes.some((scope) => isAtOrUnder(parent, scope) || isAtOrUnder(scope, parent));
  return known ? custom : builtInRole(context, name);
}

function requireParent(context: LocalContext, { id, type }: ResourceId): void {
  const group = resourceGroupOf(id);
  if (group !== undefined && !sameId(group, id)) requireGroup(context, id);
  const parent = parentThatMustExist(parentId(id));
  if (parseResourceId(parent) === undefined || context.resources.get(parent) !== undefined) return;
  throw new ArmError(
    404,
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource(s) of type '${type}', because the parent resource '${parent}' could not be found.`,
  );
}

/** `blobServices/default` and the like come with their account, `master` with its SQL server; clients never PUT them. */
function parentThatMustExist(id: string): string {
  const comesWithItsParent =
    /\/(blob|queue|table|file)Services\/default$|\/Microsoft\.Sql\/servers\/[^/]+\/databases\/master$/i;
  return comesWithItsParent.test(id) ? parentId(id) : id;
}

function requireSameLocation(existing: ArmResource | undefined, body: ArmBody): void {
  if (!existing?.location || !body.location) return;
  if (normalRegion(existing.location) === normalRegion(body.location)) return;
  throw new ArmError(
    409,
    "InvalidResourceLocation",
    `The resource '${existing.name}' already exists in location '${existing.location}'. A resource with the same name cannot be created in location '${body.location}'.`,
  );
}
