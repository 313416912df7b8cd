import type { FastifyInstance } from "fastify";
import { ArmError } from "../arm-error";
import { authenticate } from "../bearer";
import { GRAPH_AUDIENCE } from "../identity";
import type { LocalContext } from "../local-service";
import { applicationRoutes } from "./applications";
import { GraphError } from "./graph-error";
import { groupRoutes } from "./groups";
import { servicePrincipalRoutes } from "./service-principals";

/**
 * The part of Microsoft Graph that setting up a deployment needs: applications with secrets and federated credentials, service principals,
 * and groups with members. Only the deployer has a right there, as an administrator of the directory has.
 * Source: learn.microsoft.com/graph/api/resources/application, …/federatedidentitycredential, …/serviceprincipal, …/group.
 */
export function graphApi(context: LocalContext) {
  return async (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler((error, _request, reply) => {
      const answer = toGraphError(error as Error);
      return reply.code(answer.status).send(answer.body);
    });
    app.addHook("onRequest", async (request) => {
      const caller = authenticate(context.tokens, request.headers, GRAPH_AUDIENCE);
      if (caller.objectId === context.principals.deployer.objectId) return;
      throw new GraphError(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
      );
    });
    applicationRoutes(app, context);
    servicePrincipalRoutes(app, context);
    groupRoutes(app, context);
  };
}

function toGraphError(error: Error & { statusCode?: number }): GraphError {
  if (error instanceof GraphError) return error;
  if (error instanceof ArmError) return new GraphError(error.status, error.code, error.message);
  const status = error.statusCode ?? 500;
  return new GraphError(status, status < 500 ? "BadRequest" : "InternalServerError", error.message);
}
