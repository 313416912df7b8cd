import { createHmac } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { UnknownAudienceError } from "./audiences";
import type { Principal } from "./identity";
import type { LocalContext } from "./local-service";
import type { ArmResource } from "./resource";
import { sameId } from "./resource-id";
import { sameSecret } from "./same-secret";

/** The `IDENTITY_ENDPOINT` of the code that runs for a resource. Plain HTTP, as in App Service, so the caller needs no CA. */
export function identityEndpoint(context: LocalContext): string {
  return `${context.httpUrl}/identity/token`;
}

/** The `IDENTITY_HEADER` of a resource: it shows whose identity the caller may use, and stays the same over restarts. */
export function identityHeader(context: LocalContext, resourceId: string): string {
  const id = Buffer.from(resourceId.toLowerCase()).toString("base64url");
  const seal = createHmac("sha256", context.principals.deployer.secret)
    .update(`identity ${id}`)
    .digest("base64url");
  return `${id}.${seal}`;
}

/**
 * Tokens for managed identities, in App Service's form (learn.microsoft.com/azure/app-service/overview-managed-identity): GET with
 * `resource` and one of `client_id`, `mi_res_id`, `object_id` for a user-assigned identity, header `X-IDENTITY-HEADER`. The answer echoes `resource`; without
 * it Microsoft's clients ask again for every call. `api-version` may be missing, as in Automation's sandbox.
 */
export function identityApi(context: LocalContext) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get("/identity/token", async (request, reply) => {
      const query = request.query as Record<string, string | undefined>;
      const resource = resourceOfHeader(context, request.headers["x-identity-header"]);
      if (resource === undefined)
        return fail(reply, 401, "Unauthorized", "The X-IDENTITY-HEADER is missing or wrong.");
      const audience = query.resource;
      if (!audience) return fail(reply, 400, "invalid_request", "The parameter 'resource' is missing.");
      const principal = identityOf(context, resource, query);
      if (principal === undefined) {
        return fail(
          reply,
          400,
          "invalid_request",
          `No managed identity found for the given client id, resource id or object id on '${resource.name}'.`,
        );
      }
      const issued = issue(context, principal, audience);
      if (issued instanceof UnknownAudienceError) return fail(reply, 400, "invalid_resource", issued.message);
      const { token, expiresOn } = issued;
      return {
        access_token: token,
        expires_on: String(Math.floor(expiresOn.getTime() / 1000)),
        resource: audience,
        token_type: "Bearer",
        client_id: principal.clientId,
      };
    });
  };
}

function issue(context: LocalContext, principal: Principal, audience: string) {
  try {
    return context.tokens.issue(principal, audience);
  } catch (error) {
    if (error instanceof UnknownAudienceError) return error;
    throw error;
  }
}

function resourceOfHeader(
  context: LocalContext,
  header: string | string[] | undefined,
): ArmResource | undefined {
  if (typeof header !== "string") return undefined;
  const id = Buffer.from(header.split(".")[0] ?? "", "base64url").toString();
  return sameSecret(header, identityHeader(context, id)) ? context.resources.get(id) : undefined;
}

/** The identity of the resource that the query names; without a name, the system-assigned one. */
export function identityOf(
  context: LocalContext,
  { identity }: ArmResource,
  query: Readonly<Record<string, string | undefined>>,
): Principal | undefined {
  const { client_id: clientId, object_id: objectId } = query;
  const resourceId = query.mi_res_id ?? query.msi_res_id;
  const named = clientId ?? objectId ?? resourceId;
  if (named === undefined) {
    return identity?.principalId === undefined
      ? undefined
      : context.principals.byObjectId(identity.principalId);
  }
  const assigned = Object.entries(identity?.userAssignedIdentities ?? {}).find(([id, ids]) => {
    if (clientId !== undefined) return sameId(ids.clientId ?? "", clientId);
    if (objectId !== undefined) return sameId(ids.principalId ?? "", objectId);
    return sameId(id, named);
  });
  const principal = context.principals.byObjectId(assigned?.[1].principalId ?? identity?.principalId ?? "");
  const own =
    principal !== undefined && [principal.clientId, principal.objectId].some((id) => sameId(id, named));
  return assigned !== undefined || own ? principal : undefined;
}

function fail(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ statusCode: status, message, error: code, error_description: message });
}
