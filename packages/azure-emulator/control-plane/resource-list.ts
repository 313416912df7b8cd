import {
  actionOf,
  isExtension,
  isTracked,
  type ResourceTypeCatalogue,
  type ResourceTypeDescriptor,
} from "../../azure-resource-types";
import { ArmError } from "./arm-error";
import type { Principal } from "./identity";
import type { ControlPlane, LocalContext } from "./local-service";
import { contains, type Filterable } from "./odata/evaluate";
import { type Filter, FilterSyntaxError } from "./odata/filter";
import {
  filtered,
  listRules,
  PAGING,
  type Page,
  pageOf,
  type Query,
  requireOptions,
} from "./odata/list-query";
import type { ArmResource } from "./resource";
import { requireGroup } from "./resource-groups";
import { parentId, parseResourceId, resourceGroupOf, sameId } from "./resource-id";
import { listRoles } from "./role-lists";
import { refusal } from "./rules/azure-rule";

const GROUPS = "Microsoft.Resources/resourceGroups";

/** A GET of a collection. */
export interface ListRequest {
  /** The collection's address: `…/resources`, `…/resourceGroups`, `…/providers/<namespace>/<type>`. */
  readonly path: string;
  readonly query: Query;
  /** The address as it was called, for `nextLink`. */
  readonly url: URL;
  readonly principal: Principal;
}

/** Answers lists of resources. @throws ArmError 404 for a path that is no collection, 400 for a query that the list does not know. */
export function createResourceLists(context: LocalContext, controlPlane: ControlPlane) {
  return async (request: ListRequest): Promise<Page<object>> => {
    const { path, query, url, principal } = request;
    requireGroup(context, path);
    const everything = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?)\/resources$/i.exec(path)?.[1];
    if (everything !== undefined)
      return pageOf(trackedResources(context, controlPlane.types, everything, request), query, url);
    if (/^\/subscriptions\/[^/]+\/resourceGroups$/i.test(path))
      return pageOf(groups(context, controlPlane, request), query, url);
    const member = parseResourceId(`${path}/any`);
    if (member === undefined) throw noSuchType(path);
    const roles = listRoles(context, controlPlane, member, request);
    if (roles !== undefined) return pageOf(roles, query, url);
    if (ALWAYS_EMPTY.has(member.type.toLowerCase())) return emptyList(query);
    requireOptions(query, [...PAGING]);
    const descriptor = controlPlane.types.byType(member.type);
    if (descriptor === undefined || !controlPlane.serves(member.type)) throw noSuchType(path);
    requireResource(context, member.parent);
    const below = await controlPlane.list({ type: member.type, under: member.parent }, principal);
    return pageOf(
      below.filter(({ id }) => belongsTo(descriptor, id, member.parent)),
      query,
      url,
    );
  };
}

/** Collections of types that the emulator refuses to make, but for which every client may ask. */
const ALWAYS_EMPTY: ReadonlySet<string> = new Set(
  [
    "Microsoft.Authorization/denyAssignments",
    "Microsoft.Authorization/locks",
    "Microsoft.Authorization/policyAssignments",
    "Microsoft.Authorization/policyDefinitions",
    "Microsoft.Authorization/policyExemptions",
    "Microsoft.Authorization/policySetDefinitions",
    "Microsoft.Resources/deployments",
    "Microsoft.Resources/deploymentStacks",
  ].map((type) => type.toLowerCase()),
);

/** Nothing, whatever the filter selects. @throws ArmError 400 for what is no filter */
function emptyList(query: Query): Page<object> {
  requireOptions(query, ["$filter", "$expand", ...PAGING]);
  return { value: filtered<object>([], query, { properties: new Map() }, () => () => false) };
}

/** A type of a group is listed for the group or the subscription; any other for its own parent only. */
function belongsTo(descriptor: ResourceTypeDescriptor, id: string, parent: string): boolean {
  const topLevel = descriptor.type.split("/").length === 2 && !isExtension(descriptor);
  return topLevel || sameId(parentId(id), parent);
}

const filterByTag: Filterable<ArmResource>["properties"] = new Map();

/**
 * `tagName eq 'n'`, with `and tagValue eq 'v'`, and `startswith(tagName, 'n')`; Azure combines them with nothing else
 * (learn.microsoft.com/rest/api/resources/resources/list). @returns undefined if the filter is about no tags.
 */
function tagFilter(filter: Filter): ((resource: ArmResource) => boolean) | undefined {
  const tagsOf = ({ tags }: ArmResource) => Object.entries(tags ?? {});
  const named = (part: Filter, property: string) =>
    part.kind === "compare" && part.operator === "eq" && part.property.toLowerCase() === property
      ? String(part.value)
      : undefined;
  const name = named(filter, "tagname");
  if (name !== undefined) return (resource) => tagsOf(resource).some(([key]) => sameText(key, name));
  if (filter.kind === "call" && filter.name.toLowerCase() === "startswith") {
    const [property, start] = filter.arguments;
    if (property === undefined || !("property" in property) || property.property.toLowerCase() !== "tagname")
      return undefined;
    if (start === undefined || !("literal" in start)) return undefined;
    const prefix = String(start.literal).toLowerCase();
    return (resource) => tagsOf(resource).some(([key]) => key.toLowerCase().startsWith(prefix));
  }
  if (filter.kind !== "and") return undefined;
  const [tagName, tagValue] = [named(filter.left, "tagname"), named(filter.right, "tagvalue")];
  if (tagName === undefined || tagValue === undefined) return undefined;
  return (resource) =>
    tagsOf(resource).some(([key, value]) => sameText(key, tagName) && sameText(value, tagValue));
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

const resourceFilters: Filterable<ArmResource> = {
  properties: new Map<string, (resource: ArmResource) => unknown>([
    ["name", ({ name }) => name],
    ["resourcetype", ({ type }) => type],
    ["location", ({ location }) => location],
    ["kind", ({ kind }) => kind],
    ["resourcegroup", ({ id }) => resourceGroupOf(id)?.split("/").at(-1)],
    ["identity/principalid", ({ identity }) => identity?.principalId],
  ]),
  calls: new Map([
    ["substringof", (_resource: ArmResource, part: unknown, whole: unknown) => contains(part, whole)],
  ]),
};

/** Members of a resource that `…/resources` shows; `properties` is not among them. */
const SHOWN = [
  "id",
  "name",
  "type",
  "location",
  "tags",
  "kind",
  "sku",
  "plan",
  "identity",
  "managedBy",
  "zones",
];

function trackedResources(
  context: LocalContext,
  types: ResourceTypeCatalogue,
  under: string,
  { query, principal }: ListRequest,
): { readonly id: string }[] {
  requireOptions(query, ["$filter", ...PAGING, "$expand"]);
  const expanded = expansionsOf(query);
  const tracked = context.resources.list({ under }).filter((resource) => {
    const descriptor = types.byType(resource.type);
    return (
      descriptor !== undefined &&
      isTracked(descriptor) &&
      context.access.allows(principal, actionOf(resource.type, "read"), resource.id)
    );
  });
  return filtered(tracked, query, resourceFilters, tagFilter).map((resource) => ({
    id: resource.id,
    ...Object.fromEntries(Object.entries(resource).filter(([member]) => SHOWN.includes(member))),
    ...expanded(resource),
  }));
}

/** What `$expand` adds, by name in lower case. */
const expansions = new Map<string, (resource: ArmResource) => object>([
  ["createdtime", ({ systemData }) => ({ createdTime: systemData?.createdAt })],
  ["changedtime", ({ systemData }) => ({ changedTime: systemData?.lastModifiedAt })],
  [
    "provisioningstate",
    ({ properties }) => ({ provisioningState: properties.provisioningState ?? "Succeeded" }),
  ],
]);

function expansionsOf({ $expand }: Query): (resource: ArmResource) => object {
  const names = ($expand ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const wanted = names.map((name) => {
    const expansion = expansions.get(name.toLowerCase());
    if (expansion !== undefined) return expansion;
    throw refusal(
      listRules.rules.expand,
      `The value '${name}' of $expand is invalid. Supported: createdTime, changedTime, provisioningState.`,
    );
  });
  return (resource) => Object.assign({}, ...wanted.map((expansion) => expansion(resource)));
}

function groups(
  context: LocalContext,
  controlPlane: ControlPlane,
  { path, query, principal }: ListRequest,
): { readonly id: string }[] {
  requireOptions(query, ["$filter", ...PAGING, "$expand"]);
  const expanded = expansionsOf(query);
  const readable = context.resources
    .list({ type: GROUPS, under: parentId(`${path}/any`) })
    .filter(({ id }) => context.access.allows(principal, actionOf(GROUPS, "read"), id));
  const onlyTags = (filter: Filter) => {
    const found = tagFilter(filter);
    if (found === undefined) throw new FilterSyntaxError();
    return found;
  };
  return filtered(readable, query, { properties: filterByTag }, onlyTags).map((group) => {
    const shown = controlPlane.shown(group);
    return { ...shown, ...expanded(group) };
  });
}

/** @throws ArmError 404 if the path names a resource that does not exist. */
function requireResource(context: LocalContext, path: string): void {
  if (parseResourceId(path) === undefined || context.resources.get(path) !== undefined) return;
  if (/\/(blob|queue|table|file)Services\/default$/i.test(path)) {
    requireResource(context, parentId(path));
    return;
  }
  throw new ArmError(404, "ParentResourceNotFound", `The parent resource '${path}' could not be found.`);
}

/** The 404 of a path whose type the emulator does not have. */
export function noSuchType(path: string): ArmError {
  const [namespace, type] = /\/providers\/([^/]+)\/(.+)$/i.exec(path)?.slice(1) ?? [];
  if (namespace === undefined) return new ArmError(404, "NotFound", `There is no collection at '${path}'.`);
  const types = type
    ?.split("/")
    .filter((_, index) => index % 2 === 0)
    .join("/");
  return new ArmError(
    404,
    "InvalidResourceType",
    `The resource type '${types}' could not be found in the namespace '${namespace}'.`,
  );
}
