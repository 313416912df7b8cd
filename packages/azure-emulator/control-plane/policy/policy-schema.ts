import { z } from "zod";

/** `az policy … show` prints the members of `properties` beside the name; the REST API has them below. */
const flat = <T extends z.ZodRawShape>(shape: T) =>
  z.preprocess(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      "properties" in value &&
      typeof value.properties === "object"
        ? { ...value, ...value.properties }
        : value,
    z.object(shape),
  );

const named = { name: z.string().min(1), id: z.string().optional(), displayName: z.string().nullish() };
/** The command line prints null for what is not there. */
const record = <T extends z.ZodType>(value: T) =>
  z
    .record(z.string(), value)
    .nullish()
    .transform((given) => given ?? {});
const declared = record(
  z.object({
    type: z.string().nullish(),
    defaultValue: z.unknown().optional(),
    allowedValues: z.array(z.unknown()).nullish(),
  }),
);
const values = record(z.object({ value: z.unknown() }));
const orElse = (usual: string) =>
  z
    .string()
    .nullish()
    .transform((given) => given ?? usual);

/** The form of a policy file. */
export const policyFileSchema = z.strictObject({
  policyDefinitions: z.array(
    flat({
      ...named,
      mode: orElse("All"),
      parameters: declared,
      policyRule: z.object({
        if: z.unknown(),
        // biome-ignore lint/suspicious/noThenProperty: Azure's name
        then: z.object({ effect: z.string(), details: z.unknown().optional() }),
      }),
    }),
  ),
  policySetDefinitions: z
    .array(
      flat({
        ...named,
        parameters: declared,
        policyDefinitions: z.array(z.object({ policyDefinitionId: z.string(), parameters: values })),
      }),
    )
    .default([]),
  policyAssignments: z.array(
    flat({
      ...named,
      scope: z.string().nullish(),
      notScopes: z.array(z.string()).nullish(),
      policyDefinitionId: z.string(),
      parameters: values,
      enforcementMode: orElse("Default"),
    }),
  ),
});

/** What a policy file holds: definitions, sets of definitions, and the assignments that put them into force. */
export type PolicyFile = z.infer<typeof policyFileSchema>;
