import type { FastifyInstance, FastifyRequest } from "fastify";
import { apiVersionsOf, isExtension, type ResourceTypeDescriptor, regions } from "../../azure-resource-types";
import { ArmError } from "./arm-error";
import { authenticate } from "./bearer";
import { ARM_AUDIENCE } from "./identity";
import type { ControlPlane, LocalContext } from "./local-service";
import { PAGING, pageOf, type Query, requireOptions } from "./odata/list-query";
import { isAtOrUnder } from "./resource-id";

/**
 * What a client asks of a cloud before it works with resources: subscriptions, tenants, regions, providers with their types, and
 * the names of tags (https://learn.microsoft.com/rest/api/resources).
 */
export function subscriptionApi(
  app: FastifyInstance,
  context: LocalContext,
  controlPlane: ControlPlane,
): void {
  const subscription = `/subscriptions/${context.subscriptionId}`;
  const url = "/subscriptions/:subscriptionId";
  const caller = (request: FastifyRequest) => authenticate(context.tokens, request.headers, ARM_AUDIENCE);
  const queryOf = (request: FastifyRequest) => request.query as Query;
  const only = (request: FastifyRequest, ...options: string[]) => requireOptions(queryOf(request), options);
  const may = (request: FastifyRequest, action: string) =>
    context.access.require(caller(request), action, subscription);

  app.get("/subscriptions", async (request) => {
    only(request);
    const visible = context.access.known(caller(request));
    const value = visible ? [subscriptionOf(context)] : [];
    return { value, count: { type: "Total", value: value.length } };
  });
  app.get(url, async (request) => {
    only(request);
    if (!context.access.known(caller(request))) may(request, "Microsoft.Resources/subscriptions/read");
    return subscriptionOf(context);
  });
  app.get("/tenants", async (request) => {
    only(request);
    return { value: [tenantOf(context)] };
  });
  app.get(`${url}/locations`, async (request) => {
    only(request);
    return {
      value: [...regions].map(([name, displayName]) => locationOf(subscription, name, displayName)),
    };
  });
  app.get(`${url}/tagNames`, async (request) => {
    only(request, ...PAGING);
    may(request, "Microsoft.Resources/subscriptions/tagNames/read");
    return pageOf(tagNames(context, subscription), queryOf(request), new URL(request.url, context.httpsUrl));
  });
  const provider = (namespace: string) => providerOf(context, controlPlane, namespace);
  for (const base of [url, ""]) {
    app.get(`${base}/providers`, async (request) => {
      only(request, "$expand");
      return { value: namespacesOf(controlPlane).map(provider) };
    });
    app.get<{ Params: { namespace: string } }>(`${base}/providers/:namespace`, async (request) => {
      only(request, "$expand");
      return provider(request.params.namespace);
    });
  }
  for (const [verb, registered] of [
    ["register", true],
    ["unregister", false],
  ] as const) {
    app.post<{ Params: { namespace: string } }>(`${url}/providers/:namespace/${verb}`, async (request) => {
      const { namespace } = provider(request.params.namespace);
      may(request, `${namespace}/${verb}/action`);
      await context.providers.set(namespace, registered);
      return provider(namespace);
    });
  }
}

function subscriptionOf({ subscriptionId, tenantId }: LocalContext) {
  return {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionId,
    tenantId,
    displayName: "Local emulator",
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "EnterpriseAgreement_2014-09-01",
      spendingLimit: "Off",
    },
  };
}

function tenantOf({ tenantId }: LocalContext) {
  return {
    id: `/tenants/${tenantId}`,
    tenantId,
    displayName: "Local emulator",
    domains: [],
    tenantCategory: "Home",
  };
}

function locationOf(subscription: string, name: string, displayName: string) {
  return {
    id: `${subscription}/locations/${name}`,
    name,
    type: "Region",
    displayName,
    regionalDisplayName: displayName,
    metadata: { regionType: "Physical", regionCategory: "Recommended" },
  };
}

/** Resource Manager's own types that no descriptor names, but whose API versions clients look up. */
const OWN_TYPES = [
  { type: "Microsoft.Resources/subscriptions", apiVersion: "2022-12-01" },
  { type: "Microsoft.Resources/tenants", apiVersion: "2022-12-01" },
  { type: "Microsoft.Resources/resources", apiVersion: "2024-03-01" },
  { type: "Microsoft.Resources/providers", apiVersion: "2024-03-01" },
  // A network's subnet is delegated to it, and a subscription registered for its provider.
  { type: "Microsoft.App/environments", apiVersion: "2024-03-01" },
  { type: "Microsoft.Resources/tags", apiVersion: "2024-03-01" },
];

function namespaceOf(type: string): string {
  return type.split("/")[0] ?? "";
}

function namespacesOf({ types }: ControlPlane): string[] {
  return [...new Set([...OWN_TYPES, ...types.types].map(({ type }) => namespaceOf(type)))].sort();
}

/** @throws ArmError 404 */
function providerOf(context: LocalContext, controlPlane: ControlPlane, asked: string) {
  const namespace = namespacesOf(controlPlane).find((known) => known.toLowerCase() === asked.toLowerCase());
  if (namespace === undefined)
    throw new ArmError(404, "InvalidResourceNamespace", `The resource namespace '${asked}' is invalid.`);
  const own = OWN_TYPES.filter(({ type }) => namespaceOf(type) === namespace).map((type) => ({
    ...type,
    tokens: {},
  }));
  const described = controlPlane.types.types.filter(({ type }) => namespaceOf(type) === namespace);
  return {
    id: `/subscriptions/${context.subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: "RegistrationRequired",
    registrationState: context.providers.registered(namespace) ? "Registered" : "NotRegistered",
    resourceTypes: [...own, ...described].map(typeOf),
  };
}

function typeOf(described: Pick<ResourceTypeDescriptor, "type" | "apiVersion" | "tokens" | "location">) {
  const versions = apiVersionsOf(described);
  return {
    resourceType: described.type.split("/").slice(1).join("/"),
    locations: described.location ? [...regions.values()] : [],
    apiVersions: versions,
    defaultApiVersion: described.apiVersion,
    capabilities: isExtension(described)
      ? "SupportsExtension"
      : described.location
        ? "CrossResourceGroupResourceMove, SupportsTags, SupportsLocation"
        : "None",
  };
}

/** The tags in use, each with its values and how often they occur. */
function tagNames(context: LocalContext, subscription: string): { readonly id: string }[] {
  const found = new Map<string, { readonly name: string; readonly values: Map<string, number> }>();
  for (const { id, tags } of context.resources.list()) {
    if (!isAtOrUnder(id, subscription)) continue;
    for (const [name, value] of Object.entries(tags ?? {})) {
      const tag = found.get(name.toLowerCase()) ?? { name, values: new Map<string, number>() };
      found.set(name.toLowerCase(), tag);
      tag.values.set(value, (tag.values.get(value) ?? 0) + 1);
    }
  }
  const total = (value: number) => ({ type: "Total", value });
  return [...found.values()].map(({ name, values }) => {
    const id = `${subscription}/tagNames/${name}`;
    return {
      id,
      tagName: name,
      count: total([...values.values()].reduce((sum, count) => sum + count, 0)),
      values: [...values].map(([tagValue, count]) => ({
        id: `${id}/tagValues/${tagValue}`,
        tagValue,
        count: total(count),
      })),
    };
  });
}
