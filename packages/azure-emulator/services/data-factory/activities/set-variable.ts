import { z } from "zod";
import { toJson } from "../expressions/value";
import { defineActivity } from "./define-activity";

/** Sets a variable of the run. The emulator does not support pipeline return values (`setSystemVariable`). */
export const setVariable = defineActivity({
  type: "SetVariable",
  properties: z.strictObject({
    variableName: z.string(),
    value: z.unknown(),
    setSystemVariable: z.literal(false).optional(),
  }),
  async run({ properties: { variableName, value } }, context) {
    const set = context.variables.set(variableName, context.resolver.value(value));
    context.recordInput({ variableName, value: toJson(set) });
    return { name: variableName, value: toJson(set) };
  },
});
