import { z } from "zod";
import { toJson } from "../expressions/value";
import { ActivityError } from "../run/activity-error";
import { bindLinkedService, sqlTarget } from "../run/connections";
import type { Resolver } from "../run/resolver";
import type { SqlParameter } from "../sql/sql-session";
import { defineActivity } from "./define-activity";
import { sqlParameter, withSql } from "./sql-activity";

/** `{ "name": { "value": …, "type": "String" } }` */
export const procedureParameters = z
  .record(z.string(), z.strictObject({ value: z.unknown(), type: z.string().optional() }))
  .default({});

/** Evaluates the parameters, for the driver and for the activity run's input. */
export function resolveParameters(
  definitions: z.infer<typeof procedureParameters>,
  resolver: Resolver,
): { readonly values: SqlParameter[]; readonly shown: Readonly<Record<string, unknown>> } {
  const resolved = Object.entries(definitions).map(([name, { value, type = "String" }]) => ({
    name,
    type,
    value: resolver.value(value),
  }));
  return {
    values: resolved.map(({ name, type, value }) => sqlParameter(name, value, type)),
    shown: Object.fromEntries(
      resolved.map(({ name, type, value }) => [name, { value: toJson(value), type }]),
    ),
  };
}

/** Calls a procedure. The activity has no output, whatever the procedure returns. */
export const storedProcedure = defineActivity({
  type: "SqlServerStoredProcedure",
  uses: ["linkedServiceName"],
  properties: z.strictObject({
    storedProcedureName: z.unknown(),
    storedProcedureParameters: procedureParameters,
  }),
  async run({ properties, linkedService }, context) {
    if (linkedService === undefined)
      throw new ActivityError("BadRequest", "A procedure needs a linked service.");
    const procedure = context.resolver.text(properties.storedProcedureName);
    const { values, shown } = resolveParameters(properties.storedProcedureParameters, context.resolver);
    context.recordInput({ storedProcedureName: procedure, storedProcedureParameters: shown });
    const target = sqlTarget(bindLinkedService(linkedService, context.resolver, context.factory));
    await withSql(context, target, "2402", (session) => session.execute(procedure, values, context.signal));
    return {};
  },
});
