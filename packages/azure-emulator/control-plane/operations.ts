import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type OperationAddresses, pollAction } from "../../azure-resource-types";
import { ArmError } from "./arm-error";
import { authenticate } from "./bearer";
import { toArmError } from "./error-replies";
import { ARM_AUDIENCE } from "./identity";
import type { LocalContext } from "./local-service";
import { resourceGroupOf, sameId } from "./resource-id";
import { armRules } from "./rules/azure-rule";

const test = (title: string) => ["control-plane/operations.itest.ts", title] as const;

export const operationRules = armRules("Operations that end later", {
  accepted: {
    what: "What the specification lets end later is accepted with `Location`, `Azure-AsyncOperation` where Azure has it, and `Retry-After`.",
    source: "https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations",
    answer: { status: 202, code: "Accepted" },
    test: test("accepts what ends later, and says where it ends and how"),
  },
  right: {
    what: "A poll needs the right to read the operation, at the group of the resource or above it; the deletion of a group is polled at the subscription.",
    source:
      "https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations#permission-for-tracking-async-status; https://github.com/Azure/azure-rest-api-specs/issues/13700",
    answer: { status: 403, code: "AuthorizationFailed" },
    test: test("shows an operation only to whom the role lets read operations"),
  },
  failed: {
    what: "An accepted operation that fails says so when it is polled.",
    source: "https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations",
    answer: { status: 200, code: "Failed" },
    test: test("tells a failure of what was accepted to whoever polls"),
  },
});

/** What an operation is about, and where it is polled. */
export interface OperationKind {
  /** The resource's type. */
  readonly type: string;
  /** Where whoever polls needs the right: {@link pollScopeOf}. */
  readonly scope: string;
  /** The resource's region; Resource Manager's own types need none. */
  readonly location: string;
  readonly addresses: OperationAddresses;
  /** The API version of the request, which the polls repeat. */
  readonly apiVersion: string;
}

interface Operation {
  readonly kind: OperationKind;
  readonly startTime: string;
  readonly end?: { readonly time: string; readonly body?: object | undefined; readonly error?: ArmError };
}

/** The operations that were accepted, until the emulator stops. */
export interface Operations {
  /**
   * Follows what was accepted: `work` ends with the body that the request asked for, if there is one.
   * @returns the headers of the 202.
   */
  accept(kind: OperationKind, work: Promise<object | undefined>): Record<string, string>;
}

/** Older operations than so many can no longer be polled. */
const KEPT = 1000;

/**
 * Registers the addresses at which operations are polled.
 * @param retryAfterSeconds the pause that clients are asked for
 */
export function createOperations(
  app: FastifyInstance,
  context: Pick<LocalContext, "subscriptionId" | "httpsUrl" | "access" | "tokens">,
  retryAfterSeconds: number,
): Operations {
  const operations = new Map<string, Operation>();
  const retryAfter = { "retry-after": String(retryAfterSeconds) };
  const find = (id: string, segment: string): Operation => {
    const operation = operations.get(id);
    const { results, statuses } = operation?.kind.addresses ?? {};
    const known = [results, statuses].some((name) => name?.toLowerCase() === segment.toLowerCase());
    if (operation !== undefined && known) return operation;
    throw new ArmError(404, "OperationNotFound", `The operation '${id}' was not found.`);
  };
  const poll = (id: string, segment: string, request: FastifyRequest, reply: FastifyReply) => {
    const operation = find(id, segment);
    const { kind, end } = operation;
    const caller = authenticate(context.tokens, request.headers, ARM_AUDIENCE);
    context.access.require(caller, pollAction(kind.type, segment), kind.scope);
    if (segment.toLowerCase() === kind.addresses.statuses?.toLowerCase()) {
      return reply.headers(end === undefined ? retryAfter : {}).send(statusOf(id, operation));
    }
    if (end === undefined) return reply.code(202).headers(retryAfter).send();
    if (end.error !== undefined) throw end.error;
    return reply.code(200).send(end.body);
  };
  app.get<Poll>(`${SUBSCRIPTION}/operationresults/:operation`, async (request, reply) =>
    poll(request.params.operation, "operationresults", request, reply),
  );
  const provider = `${SUBSCRIPTION}/providers/:namespace/locations/:location`;
  app.get<Poll>(`${provider}/:segment/:operation`, async (request, reply) =>
    poll(request.params.operation, request.params.segment, request, reply),
  );

  return {
    accept(kind, work) {
      const id = randomUUID();
      const begun: Operation = { kind, startTime: new Date().toISOString() };
      const end = (how: { readonly body?: object | undefined } | { readonly error: ArmError }) =>
        operations.set(id, { ...begun, end: { time: new Date().toISOString(), ...how } });
      operations.set(id, begun);
      work.then(
        (body) => end({ body }),
        (error: Error) => end({ error: toArmError(error) }),
      );
      const [oldest] = operations.keys();
      if (operations.size > KEPT && oldest !== undefined) operations.delete(oldest);
      const { results, statuses } = kind.addresses;
      const address = (segment: string) =>
        `${context.httpsUrl}${baseOf(context, kind)}/${segment}/${id}?api-version=${encodeURIComponent(kind.apiVersion)}`;
      return {
        location: address(results),
        ...(statuses !== undefined && { "azure-asyncoperation": address(statuses) }),
        ...retryAfter,
      };
    },
  };
}

const SUBSCRIPTION = "/subscriptions/:subscriptionId";

/** The group of the resource, or the subscription for a group: it and the assignments there may be gone by then. */
export function pollScopeOf({ subscriptionId }: Pick<LocalContext, "subscriptionId">, id: string): string {
  const group = resourceGroupOf(id);
  return group === undefined || sameId(group, id) ? `/subscriptions/${subscriptionId}` : group;
}
type Poll = { Params: { readonly operation: string; readonly segment: string } };

/** Resource Manager's own operations have neither provider nor region in their address. */
function baseOf(
  { subscriptionId }: Pick<LocalContext, "subscriptionId">,
  { type, location }: OperationKind,
): string {
  const [namespace] = type.split("/");
  const base = `/subscriptions/${subscriptionId}`;
  return namespace === "Microsoft.Resources" ? base : `${base}/providers/${namespace}/locations/${location}`;
}

function statusOf(id: string, { startTime, end }: Operation) {
  if (end === undefined) return { name: id, status: "InProgress", startTime };
  const ended = { name: id, startTime, endTime: end.time };
  return end.error === undefined
    ? { ...ended, status: "Succeeded" }
    : { ...ended, status: "Failed", ...end.error.body };
}
