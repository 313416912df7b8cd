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
const defaults = z.record(z.string(), z.object({ defaultValue: z.unknown().optional() })).default({});
const values = z.record(z.string(), z.object({ value: z.unknown() })).default({});

/** The form of a policy file. */
export const policyFileSchema = z.strictObject({
  policyDefinitions: z.array(
    flat({
      ...named,
      mode: z.string().default("All"),
      parameters: defaults,
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
        parameters: defaults,
        policyDefinitions: z.array(z.object({ policyDefinitionId: z.string(), parameters: values })),
      }),
    )
    .default([]),
  policyAssignments: z.array(
    flat({
      ...named,
      scope: z.string().optional(),
      notScopes: z.array(z.string()).nullish(),
      policyDefinitionId: z.string(),
      parameters: values,
      enforcementMode: z.string().default("Default"),
    }),
  ),
});

/** What a policy file holds: definitions, sets of definitions, and the assignments that put them into force. */
export type PolicyFile = z.infer<typeof policyFileSchema>;
