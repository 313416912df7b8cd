import type { ArmRequest, ArmRoute, LocalContext } from "../local-service";
import type { Filterable } from "../odata/evaluate";
import { filtered } from "../odata/list-query";
import { requireGroup } from "../resource-groups";
import { isAtOrUnder, sameId } from "../resource-id";
import { belowSubscription } from "./assigned-policy";
import type { PolicyFile } from "./policy-schema";

type Assignment = PolicyFile["policyAssignments"][number];

const TYPE = "Microsoft.Authorization/policyAssignments";

/**
 * The assignments of a policy file, listed at the subscription and at a group: those at the scope, above and below it, or those that
 * a filter names. Assignments of a management group count as the subscription's.
 * Source: learn.microsoft.com/rest/api/policy/policy-assignments/list.
 */
export function assignmentRoutes(
  context: LocalContext,
  assignments: readonly Assignment[],
): readonly ArmRoute[] {
  const subscription = `/subscriptions/${context.subscriptionId}`;
  const all = assignments.map((assignment) => shown(subscription, assignment));
  const list = (scope: string, { query }: ArmRequest) => {
    const known = all.filter(
      ({ properties }) => isAtOrUnder(properties.scope, scope) || isAtOrUnder(scope, properties.scope),
    );
    return { status: 200, body: { value: filtered(known, query, filters(scope)) } };
  };
  const route = {
    method: "GET",
    path: `/providers/${TYPE}`,
    action: `${TYPE}/read`,
    options: ["$filter", "$expand"],
  } as const;
  return [
    { ...route, level: "subscription", handle: async (request) => list(subscription, request) },
    {
      ...route,
      async handle(request) {
        requireGroup(context, request.resourceGroupId);
        return list(request.resourceGroupId, request);
      },
    },
  ];
}

function shown(subscription: string, assignment: Assignment) {
  const { name, displayName, notScopes, policyDefinitionId, parameters, enforcementMode } = assignment;
  const scope = `${subscription}${belowSubscription(assignment.scope ?? "")}`;
  return {
    id: `${scope}/providers/${TYPE}/${name}`,
    type: TYPE,
    name,
    properties: {
      displayName: displayName ?? name,
      policyDefinitionId: policyDefinitionId.replace(/^\/subscriptions\/[^/]+/i, subscription),
      scope,
      notScopes: (notScopes ?? []).map((place) => `${subscription}${belowSubscription(place)}`),
      parameters,
      enforcementMode,
    },
  };
}

function filters(scope: string): Filterable<ReturnType<typeof shown>> {
  return {
    properties: new Map([["policydefinitionid", ({ properties }) => properties.policyDefinitionId]]),
    calls: new Map([
      ["atscope", ({ properties }) => isAtOrUnder(scope, properties.scope)],
      ["atexactscope", ({ properties }) => sameId(scope, properties.scope)],
      ["atscopeandbelow", ({ properties }) => isAtOrUnder(properties.scope, scope)],
    ]),
  };
}
