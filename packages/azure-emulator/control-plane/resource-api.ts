import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { usualPutStatus } from "../../azure-resource-types";
import { ArmError } from "./arm-error";
import { authenticate } from "./bearer";
import { ARM_AUDIENCE, type Principal } from "./identity";
import type { ControlPlane, LocalContext } from "./local-service";
import { pathOf } from "./request-path";
import type { ArmBody, ArmResource } from "./resource";
import { parseResourceId } from "./resource-id";

/** PUT, GET, HEAD, PATCH, DELETE of any resource, and GET of any collection, driven by the path alone. */
export function resourceApi(app: FastifyInstance, context: LocalContext, controlPlane: ControlPlane): void {
  const caller = (request: FastifyRequest) => authenticate(context.tokens, request.headers, ARM_AUDIENCE);
  const url = "/subscriptions/*";

  const read = async (path: string, principal: Principal): Promise<ArmResource> => {
    const resource = await controlPlane.get(path, principal);
    if (resource === undefined) throw notFound(path);
    return resource;
  };
  const put = async (request: FastifyRequest, reply: FastifyReply, body: ArmBody) => {
    const before = context.resources.get(pathOf(request));
    const resource = await controlPlane.put(pathOf(request), body, caller(request));
    const { putStatus = usualPutStatus } = controlPlane.types.byType(resource.type) ?? {};
    return reply.code(before === undefined ? putStatus.created : putStatus.updated).send(resource);
  };

  app.get("/subscriptions/:subscriptionId", async () => ({
    id: `/subscriptions/${context.subscriptionId}`,
    subscriptionId: context.subscriptionId,
    tenantId: context.tenantId,
    displayName: "Local emulator",
    state: "Enabled",
  }));
  app.route({
    method: "GET",
    url,
    exposeHeadRoute: false,
    async handler(request) {
      const path = pathOf(request);
      const owner = OWN_IDENTITY.exec(path)?.[1];
      if (owner !== undefined) return ownIdentity(context, owner, caller(request));
      if (parseResourceId(path) !== undefined) return read(path, caller(request));
      return { value: await listCollection(controlPlane, path, caller(request)) };
    },
  });
  app.route({
    method: "HEAD",
    url,
    async handler(request, reply) {
      await read(pathOf(request), caller(request));
      return reply.code(204).send();
    },
  });
  app.put(url, (request, reply) => put(request, reply, bodyOf(request.body)));
  app.patch(url, async (request, reply) => {
    await read(pathOf(request), caller(request));
    // Properties that GET hides must survive a PATCH, so it starts from the stored resource.
    const stored = bodyOf(context.resources.get(pathOf(request)));
    const changes = bodyOf(request.body);
    return put(request, reply, {
      ...stored,
      ...changes,
      properties: { ...stored.properties, ...changes.properties },
    });
  });
  app.delete(url, async (request, reply) => {
    const before = context.resources.get(pathOf(request));
    await controlPlane.delete(pathOf(request), caller(request));
    return reply.code(before === undefined ? 204 : 200).send();
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

/** `…/providers/<namespace>/<type>` → the resources of that type there; `…/resources` → all; `…/resourceGroups` → the groups. */
async function listCollection(
  controlPlane: ControlPlane,
  path: string,
  principal: Principal,
): Promise<ArmResource[]> {
  const everything = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?)\/resources$/i.exec(path)?.[1];
  if (everything !== undefined) {
    const all = await controlPlane.list({ under: everything }, principal);
    return all.filter(({ type }) => type !== "Microsoft.Resources/resourceGroups");
  }
  const member = parseResourceId(`${path}/any`);
  if (member === undefined) throw notFound(path);
  return controlPlane.list({ type: member.type, under: member.parent }, principal);
}

function notFound(path: string): ArmError {
  const address = parseResourceId(path);
  if (address?.type === "Microsoft.Resources/resourceGroups") {
    return new ArmError(404, "ResourceGroupNotFound", `Resource group '${address.name}' could not be found.`);
  }
  return new ArmError(404, "ResourceNotFound", `The resource '${path}' was not found.`);
}

/** The body without the members that the path already gives. */
function bodyOf(body: unknown): ArmBody {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ArmError(
      400,
      "InvalidRequestContent",
      "The request content was invalid: a JSON object is expected.",
    );
  }
  const { id: _id, type: _type, name: _name, ...rest } = body as Record<string, unknown>;
  return rest as ArmBody;
}
