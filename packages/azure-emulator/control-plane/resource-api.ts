import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { normalRegion, usualPutStatus } from "../../azure-resource-types";
import { ArmError } from "./arm-error";
import { authenticate } from "./bearer";
import { conditionsOf, notModified } from "./conditions";
import { deletedElsewhere } from "./deletion-rules";
import { ARM_AUDIENCE, type Principal } from "./identity";
import type { ControlPlane, LocalContext } from "./local-service";
import { type Query, requireOptions } from "./odata/list-query";
import { type Operations, pollScopeOf } from "./operations";
import { pathOf } from "./request-path";
import type { ArmBody, ArmResource } from "./resource";
import { requireGroup } from "./resource-groups";
import { parseResourceId } from "./resource-id";
import { createResourceLists, noSuchType } from "./resource-list";
import { etagOf } from "./system-data";

/** PUT, GET, HEAD, PATCH, DELETE of any resource, and GET of any collection, driven by the path alone. */
export function resourceApi(
  app: FastifyInstance,
  context: LocalContext,
  controlPlane: ControlPlane,
  operations: Operations,
): void {
  const caller = (request: FastifyRequest) => authenticate(context.tokens, request.headers, ARM_AUDIENCE);
  const list = createResourceLists(context, controlPlane);
  const url = "/subscriptions/*";

  const read = async (request: FastifyRequest): Promise<ArmResource> => {
    const path = pathOf(request);
    requireOptions(queryOf(request), []);
    const type = parseResourceId(path)?.type;
    if (type !== undefined && !controlPlane.serves(type)) throw noSuchType(path);
    if (type !== undefined && controlPlane.listOnly(path)) throw notReadable(path);
    const resource = await controlPlane.get(path, caller(request));
    if (resource === undefined) throw notFound(context, path);
    return resource;
  };
  /** The entity tag as a header, if the type has one. */
  const tagged = (reply: FastifyReply, { id, type }: ArmResource): FastifyReply => {
    const stored = context.resources.get(id);
    if (controlPlane.types.byType(type)?.etag === undefined || stored === undefined) return reply;
    return reply.header("etag", `"${etagOf(stored)}"`);
  };
  const put = async (request: FastifyRequest, reply: FastifyReply, isPatch: boolean) => {
    const apiVersion = queryOf(request)["api-version"];
    const { resource, created } = await controlPlane.putIf(
      { ...conditionsOf(request.headers), isPatch, ...(apiVersion !== undefined && { apiVersion }) },
      pathOf(request),
      bodyOf(request.body),
      caller(request),
    );
    const described = controlPlane.types.byType(resource.type);
    const { putStatus = usualPutStatus } = described ?? {};
    const status = created ? putStatus.created : putStatus.updated;
    if (status !== 202) return tagged(reply, resource).code(status).send(resource);
    return accepted(request, reply, resource, Promise.resolve(resource));
  };
  /** The 202 of what ends later; without addresses to poll, the answer is final. */
  const accepted = (
    request: FastifyRequest,
    reply: FastifyReply,
    resource: ArmResource,
    work: Promise<object | undefined>,
  ) => {
    const { type } = resource;
    const addresses = controlPlane.types.byType(type)?.operations;
    if (addresses === undefined) return reply.code(202).send();
    const apiVersion = queryOf(request)["api-version"] ?? "";
    const location = normalRegion(resource.location ?? "global");
    return reply
      .code(202)
      .headers(
        operations.accept(
          { type, scope: pollScopeOf(context, resource.id), location, addresses, apiVersion },
          work,
        ),
      )
      .send();
  };

  app.route({
    method: "GET",
    url,
    exposeHeadRoute: false,
    async handler(request, reply) {
      const path = pathOf(request);
      const owner = OWN_IDENTITY.exec(path)?.[1];
      if (owner !== undefined) return ownIdentity(context, owner, caller(request));
      if (parseResourceId(path) === undefined) {
        const asked = new URL(request.url, context.httpsUrl);
        return list({ path, query: queryOf(request), url: asked, principal: caller(request) });
      }
      const resource = await read(request);
      tagged(reply, resource);
      const stored = context.resources.get(resource.id);
      const current =
        reply.hasHeader("etag") && stored !== undefined && notModified(conditionsOf(request.headers), stored);
      return current ? reply.code(304).send() : resource;
    },
  });
  app.route({
    method: "HEAD",
    url,
    async handler(request, reply) {
      await read(request);
      return reply.code(204).send();
    },
  });
  app.put(url, (request, reply) => put(request, reply, false));
  app.patch(url, async (request, reply) => {
    await read(request);
    return put(request, reply, true);
  });
  app.delete(url, async (request, reply) => {
    const path = pathOf(request);
    requireGroup(context, path);
    const type = parseResourceId(path)?.type ?? "";
    const described = controlPlane.types.byType(type);
    if (described?.deletedByData !== undefined) throw deletedElsewhere(path);
    const before = context.resources.get(path);
    const { done } = await controlPlane.beginDelete(path, caller(request), conditionsOf(request.headers));
    if (before !== undefined && described?.deletedLater)
      return accepted(
        request,
        reply,
        before,
        done.then(() => undefined),
      );
    await done;
    if (before === undefined) return reply.code(204).send();
    return /^Microsoft\.Authorization\//i.test(type)
      ? reply.send(controlPlane.shown(before))
      : reply.code(200).send();
  });
  app.post(url, async (request) => {
    throw new ArmError(501, "NotImplemented", `The emulator has no action at '${pathOf(request)}'.`);
  });
}

const OWN_IDENTITY = /^(.+)\/providers\/Microsoft\.ManagedIdentity\/identities\/default$/i;

/** The client id of a resource's system-assigned identity: the resource itself has only the object id. */
function ownIdentity(context: LocalContext, owner: string, caller: Principal): Record<string, unknown> {
  context.access.require(caller, "Microsoft.ManagedIdentity/identities/read", owner);
  const resource = context.resources.get(owner);
  const principal = context.principals.byObjectId(resource?.identity?.principalId ?? "");
  if (resource === undefined || principal === undefined) {
    throw new ArmError(404, "NotFound", `The resource '${owner}' has no system-assigned identity.`);
  }
  const { clientId, objectId: principalId } = principal;
  return {
    id: `${resource.id}/providers/Microsoft.ManagedIdentity/identities/default`,
    name: "default",
    type: "Microsoft.ManagedIdentity/identities",
    location: resource.location,
    properties: { clientId, principalId, tenantId: context.tenantId },
  };
}

/** Values that may be secret have no GET (azure-rest-api-specs, Microsoft.Web/…/WebApps.json: only POST …/config/{name}/list). */
function notReadable(path: string): ArmError {
  const text = `The requested resource does not support http method 'GET'. Use POST ${path}/list.`;
  return new ArmError(405, "MethodNotAllowed", text);
}

function notFound(context: LocalContext, path: string): ArmError {
  requireGroup(context, path);
  return new ArmError(404, "ResourceNotFound", `The resource '${path}' was not found.`);
}

export function queryOf(request: FastifyRequest): Query {
  return request.query as Query;
}

/** The body without the members that the path already gives, and those that only Resource Manager sets. */
function bodyOf(body: unknown): ArmBody {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ArmError(
      400,
      "InvalidRequestContent",
      "The request content was invalid: a JSON object is expected.",
    );
  }
  const { id: _id, type: _type, name: _name, systemData: _people, ...rest } = body as Record<string, unknown>;
  return rest as ArmBody;
}
