import { z } from "zod";
import { writeJson } from "../expressions/json-writer";
import { toText } from "../expressions/text";
import { isObject } from "../expressions/value";
import { ActivityError } from "../run/activity-error";
import { bindLinkedService, textOf, wrongType } from "../run/connections";
import { defineActivity } from "./define-activity";
import { callJson } from "./http-call";

/** Documented limit of a function call. */
const TIMEOUT_MS = 230_000;

/** Calls a function of a Function app with the app's key. */
export const azureFunction = defineActivity({
  type: "AzureFunctionActivity",
  uses: ["linkedServiceName"],
  properties: z.strictObject({
    functionName: z.unknown(),
    method: z.enum(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"]),
    headers: z.record(z.string(), z.unknown()).default({}),
    body: z.unknown().optional(),
  }),
  async run({ properties, linkedService }, context) {
    if (linkedService === undefined)
      throw new ActivityError("BadRequest", "A function needs a linked service.");
    const { resolver } = context;
    const app = bindLinkedService(linkedService, resolver, context.factory);
    if (app.type !== "AzureFunction") throw wrongType(app, "AzureFunction");
    const functionName = resolver.text(properties.functionName);
    const value = properties.body === undefined ? undefined : resolver.value(properties.body);
    const body = value === undefined ? undefined : isObject(value) ? writeJson(value) : toText(value);
    context.recordInput({ functionName, method: properties.method, body });
    const key = app.typeProperties.get("functionKey");
    const headers = Object.entries(properties.headers).map(([name, header]) => [
      name.toLowerCase(),
      resolver.text(header),
    ]);
    const { json } = await callJson(
      {
        method: properties.method,
        url: `${textOf(app, "functionAppUrl").replace(/\/$/, "")}/api/${functionName}`,
        headers: {
          "content-type": "application/json",
          ...Object.fromEntries(headers),
          ...(key !== undefined && isObject(key)
            ? { "x-functions-key": toText(key.get("value") ?? null) }
            : {}),
        },
        body,
        timeoutMs: TIMEOUT_MS,
        followAccepted: true,
      },
      context,
    );
    return json;
  },
});
