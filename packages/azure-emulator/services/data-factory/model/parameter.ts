import { z } from "zod";

export type ParameterType = "object" | "string" | "int" | "float" | "bool" | "array" | "securestring";

/** A declared parameter of a pipeline, dataset or linked service. */
export interface Parameter {
  readonly type: ParameterType;
  readonly defaultValue?: unknown;
}

export type Parameters = Readonly<Record<string, Parameter>>;

const types: readonly ParameterType[] = ["object", "string", "int", "float", "bool", "array", "securestring"];

const parameter: z.ZodType<Parameter> = z
  .strictObject({
    type: z
      .string()
      .transform((type) => type.toLowerCase())
      .pipe(z.enum(types)),
    defaultValue: z.unknown().optional(),
  })
  .transform(({ type, defaultValue }) => (defaultValue === undefined ? { type } : { type, defaultValue }));

/** `parameters` of a definition. */
export const parameters: z.ZodType<Parameters> = z.record(z.string(), parameter);
