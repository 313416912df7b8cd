import type { FastifyInstance } from "fastify";
import { messageOf } from "../../kit/reason-of";
import { ArmError } from "./arm-error";
import { authenticate } from "./bearer";
import { checkApiVersion } from "./body-check/api-version";
import { armErrorHandler } from "./error-replies";
import { ARM_AUDIENCE } from "./identity";
import type { ArmRoute, ControlPlane, LocalContext, LocalService } from "./local-service";
import { type Query, requireOptions } from "./odata/list-query";
import { createOperations } from "./operations";
import { permissionsApi } from "./permissions-api";
import { addRequestIds } from "./request-ids";
import { pathOf } from "./request-path";
import { resourceApi } from "./resource-api";
import { sameId } from "./resource-id";
import { subscriptionApi } from "./subscription-api";
import { tagsApi } from "./tags-api";

const SUBSCRIPTION_PATH = "/subscriptions/:subscriptionId";
const GROUP_PATH = `${SUBSCRIPTION_PATH}/resourceGroups/:resourceGroup`;
/** Even a large pipeline stays far below this. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** The REST surface of Resource Manager: the services' own endpoints, and PUT, GET, PATCH, DELETE and lists of any resource. */
export function armApi(context: LocalContext, controlPlane: ControlPlane, services: readonly LocalService[]) {
  return async (app: FastifyInstance): Promise<void> => {
    acceptBodies(app);
    addRequestIds(app);
    app.setErrorHandler(armErrorHandler(context));
    app.addHook("onRequest", async (request) => {
      authenticate(context.tokens, request.headers, ARM_AUDIENCE);
      requireSubscription(context, pathOf(request));
      const { "api-version": version } = request.query as Record<string, string>;
      if (version) return checkApiVersion(controlPlane.types, pathOf(request), version);
      throw new ArmError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
      );
    });
    tagsApi(app, context, controlPlane);
    permissionsApi(app, context, controlPlane);
    for (const route of services.flatMap((service) => service.armRoutes ?? [])) addRoute(app, context, route);
    subscriptionApi(app, context, controlPlane);
    const operations = createOperations(app, context, context.settings.retryAfterSeconds ?? 1);
    resourceApi(app, context, controlPlane, operations);
  };
}

function requireSubscription({ subscriptionId }: LocalContext, path: string): void {
  const [, root = "", asked] = path.split("/");
  if (!sameId(root, "subscriptions") || asked === undefined || sameId(asked, subscriptionId)) return;
  throw new ArmError(404, "SubscriptionNotFound", `The subscription '${asked}' could not be found.`);
}

/** A JSON body is parsed (an empty one is undefined); any other is text. */
function acceptBodies(app: FastifyInstance): void {
  const asText = { parseAs: "string" as const, bodyLimit: BODY_LIMIT };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>("*", asText, (_request, body, done) => done(null, body));
  app.addContentTypeParser<string>("application/json", asText, (_request, body, done) => {
    try {
      done(null, body === "" ? undefined : JSON.parse(body));
    } catch (error) {
      const reason = messageOf(error);
      done(new ArmError(400, "InvalidRequestContent", `The request content was invalid JSON: ${reason}`));
    }
  });
}

function addRoute(app: FastifyInstance, context: LocalContext, route: ArmRoute): void {
  app.route({
    method: route.method,
    url: `${route.level === "subscription" ? SUBSCRIPTION_PATH : GROUP_PATH}${route.path}`,
    async handler(request, reply) {
      const principal = authenticate(context.tokens, request.headers, ARM_AUDIENCE);
      const path = pathOf(request);
      const scope =
        route.level === "subscription" ? path.split("/").slice(0, 3).join("/") : firstResource(path);
      context.access.require(principal, route.action, scope);
      requireOptions(request.query as Query, route.options ?? []);
      const params = request.params as Record<string, string>;
      const answer = await route.handle({
        principal,
        resourceGroupId: `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroup}`,
        params,
        query: request.query as Record<string, string>,
        body: request.body,
        headers: request.headers,
      });
      reply.code(answer.status).headers(answer.headers ?? {});
      return reply.send(answer.body);
    },
  });
}

/** `…/providers/Microsoft.DataFactory/factories/f/pipelines/p/createRun` → `…/factories/f`: the scope at which roles are checked. */
export function firstResource(path: string): string {
  const first = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i.exec(path);
  return first?.[0] ?? path;
}
