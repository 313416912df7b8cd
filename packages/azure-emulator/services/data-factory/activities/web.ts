import { z } from "zod";
import { writeJson } from "../expressions/json-writer";
import { toText } from "../expressions/text";
import { isObject } from "../expressions/value";
import { milliseconds } from "../model/activity";
import { ActivityError } from "../run/activity-error";
import { DEFAULT_RUNTIME } from "../run/deployed-factory";
import type { Resolver } from "../run/resolver";
import { defineActivity } from "./define-activity";
import { callJson } from "./http-call";

/** Documented default and limit of `httpRequestTimeout`. */
const DEFAULT_TIMEOUT = "00:01:00";
const MAX_TIMEOUT_MS = 10 * 60_000;

const authentication = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("MSI"), resource: z.unknown() }),
  z.strictObject({
    type: z.literal("Basic"),
    username: z.unknown(),
    password: z.strictObject({ type: z.literal("SecureString"), value: z.unknown() }),
  }),
]);

/** Calls an endpoint; with MSI authentication, as the factory's own identity. */
export const web = defineActivity({
  type: "WebActivity",
  properties: z.strictObject({
    method: z
      .string()
      .toUpperCase()
      .pipe(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"])),
    url: z.unknown(),
    headers: z.record(z.string(), z.unknown()).default({}),
    body: z.unknown().optional(),
    authentication: authentication.optional(),
    httpRequestTimeout: z.string().default(DEFAULT_TIMEOUT),
    turnOffAsync: z.boolean().default(false),
    disableCertValidation: z.literal(false).optional(),
    // Passed on to the endpoint, so only empty lists change nothing.
    datasets: z.array(z.unknown()).max(0).optional(),
    linkedServices: z.array(z.unknown()).max(0).optional(),
    connectVia: z.looseObject({ referenceName: z.string() }).optional(),
  }),
  async run({ properties }, context) {
    const { resolver } = context;
    const url = resolver.text(properties.url);
    const body = properties.body === undefined ? undefined : bodyText(properties.body, resolver);
    const given = Object.entries(properties.headers).map(([name, value]) => [
      name.toLowerCase(),
      resolver.text(value),
    ]);
    const shown = { method: properties.method, url, headers: Object.fromEntries(given), body };
    context.recordInput(
      properties.authentication === undefined
        ? shown
        : { ...shown, authentication: properties.authentication.type },
    );
    if (!/^https?:\/\//i.test(url)) throw new ActivityError("2105", `'${url}' is not an absolute URL.`);

    const startedAt = performance.now();
    const authorization = authorizationHeader();
    const { json, headers } = await callJson(
      {
        method: properties.method,
        url,
        headers: {
          ...(body !== undefined ? { "content-type": "application/json" } : {}),
          ...shown.headers,
          ...(authorization === undefined ? {} : { authorization }),
        },
        body,
        timeoutMs: Math.min(milliseconds(properties.httpRequestTimeout), MAX_TIMEOUT_MS),
        followAccepted: !properties.turnOffAsync,
        network: networkOf(),
      },
      context,
    );
    return {
      ...json,
      ADFWebActivityResponseHeaders: headers,
      effectiveIntegrationRuntime: "AutoResolveIntegrationRuntime (local)",
      executionDuration: Math.round((performance.now() - startedAt) / 1000),
      durationInQueue: { integrationRuntimeQueue: 0 },
    };

    function networkOf(): string | undefined {
      const name = properties.connectVia?.referenceName ?? DEFAULT_RUNTIME;
      if (context.factory.hasRuntime(name)) return context.factory.networkOf(name);
      throw new ActivityError(
        "BadRequest",
        `The factory '${context.factory.name}' has no integration runtime '${name}'.`,
      );
    }

    function authorizationHeader(): string | undefined {
      const auth = properties.authentication;
      if (auth === undefined) return undefined;
      if (auth.type === "MSI") {
        return `Bearer ${context.services.token(context.factory, resolver.text(auth.resource))}`;
      }
      const credentials = `${resolver.text(auth.username)}:${resolver.text(auth.password.value)}`;
      return `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`;
    }
  },
});

function bodyText(definition: unknown, resolver: Resolver): string {
  const value = resolver.value(definition);
  return isObject(value) ? writeJson(value) : toText(value);
}
