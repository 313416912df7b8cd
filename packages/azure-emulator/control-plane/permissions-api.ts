import type { FastifyInstance } from "fastify";
import { ArmError } from "./arm-error";
import { authenticate } from "./bearer";
import { ARM_AUDIENCE } from "./identity";
import type { ControlPlane, LocalContext } from "./local-service";
import { pathOf } from "./request-path";

const PERMISSIONS = /^(.+)\/providers\/Microsoft\.Authorization\/permissions\/?$/i;

/**
 * What the caller may do at a resource or a group: `GET {scope}/providers/Microsoft.Authorization/permissions`
 * (https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource).
 */
export function permissionsApi(
  app: FastifyInstance,
  context: LocalContext,
  controlPlane: ControlPlane,
): void {
  app.addHook("preHandler", async (request, reply) => {
    const scope = PERMISSIONS.exec(pathOf(request))?.[1];
    if (scope === undefined || request.method !== "GET") return;
    const principal = authenticate(context.tokens, request.headers, ARM_AUDIENCE);
    context.access.require(principal, "Microsoft.Authorization/permissions/read", scope);
    if ((await controlPlane.get(scope, principal)) === undefined)
      throw new ArmError(404, "ResourceNotFound", `The resource '${scope}' was not found.`);
    return reply.send({ value: context.access.held(principal, scope) });
  });
}
