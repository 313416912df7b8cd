import { z } from "zod";
import { toJson } from "../expressions/value";
import { defineActivity } from "./define-activity";

/** Appends a value to an array variable of the run. */
export const appendVariable = defineActivity({
  type: "AppendVariable",
  properties: z.strictObject({ variableName: z.string(), value: z.unknown() }),
  async run({ properties: { variableName, value } }, context) {
    const item = context.resolver.value(value);
    context.recordInput({ variableName, value: toJson(item) });
    context.variables.append(variableName, item);
    return { name: variableName, value: toJson(item) };
  },
});
