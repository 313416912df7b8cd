import type { FastifyInstance } from "fastify";
import { isJsonObject } from "../../kit/json-object";
import { ArmError } from "./arm-error";
import { authenticate } from "./bearer";
import { ARM_AUDIENCE } from "./identity";
import type { ControlPlane, LocalContext } from "./local-service";
import { pathOf } from "./request-path";

type Tags = Readonly<Record<string, string>>;

const TAGS = /^(.+)\/providers\/Microsoft\.Resources\/tags\/default$/i;

/**
 * The tags of a resource or group as a resource of their own, `{scope}/providers/Microsoft.Resources/tags/default`: GET, PUT, DELETE, and
 * PATCH with Merge, Replace or Delete (https://learn.microsoft.com/rest/api/resources/tags).
 */
export function tagsApi(app: FastifyInstance, context: LocalContext, controlPlane: ControlPlane): void {
  app.addHook("preHandler", async (request, reply) => {
    const scope = TAGS.exec(pathOf(request))?.[1];
    if (scope === undefined) return;
    const principal = authenticate(context.tokens, request.headers, ARM_AUDIENCE);
    const resource = await controlPlane.get(scope, principal);
    if (resource === undefined)
      throw new ArmError(404, "ResourceNotFound", `The resource '${scope}' was not found.`);
    let tags: Tags = resource.tags ?? {};
    if (request.method !== "GET") {
      context.access.require(principal, "Microsoft.Resources/tags/write", scope);
      tags = changed(tags, request.method, request.body);
      await controlPlane.putIf({ isPatch: true }, scope, { tags }, principal);
    }
    if (request.method === "DELETE") return reply.code(200).send();
    return reply.send({
      id: `${resource.id}/providers/Microsoft.Resources/tags/default`,
      name: "default",
      type: "Microsoft.Resources/tags",
      properties: { tags },
    });
  });
}

/** @throws ArmError 400 for a body or a method that the tags do not have. */
function changed(tags: Tags, method: string, body: unknown): Tags {
  if (method === "DELETE") return {};
  const { operation, properties } = isJsonObject(body) ? body : {};
  const given =
    isJsonObject(properties) && isJsonObject(properties.tags) ? (properties.tags as Tags) : undefined;
  if (given === undefined)
    throw new ArmError(400, "InvalidRequestContent", "The request needs properties.tags.");
  if (method === "PUT" || (method === "PATCH" && operation === "Replace")) return given;
  if (method === "PATCH" && operation === "Merge") return merged(tags, given);
  if (method === "PATCH" && operation === "Delete") {
    const gone = (name: string, value: string) =>
      Object.entries(given).some(
        ([other, wanted]) => other.toLowerCase() === name.toLowerCase() && wanted === value,
      );
    return Object.fromEntries(Object.entries(tags).filter(([name, value]) => !gone(name, value)));
  }
  throw new ArmError(
    400,
    "InvalidRequestContent",
    "The property 'operation' must be Merge, Replace or Delete.",
  );
}

/** Tag names are not case-sensitive. */
function merged(tags: Tags, given: Tags): Tags {
  const kept = Object.entries(tags).filter(
    ([name]) => !Object.keys(given).some((other) => other.toLowerCase() === name.toLowerCase()),
  );
  return { ...Object.fromEntries(kept), ...given };
}
