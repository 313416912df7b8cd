import { z } from "zod";

/** Parameter values; each may be an expression. */
export const parameterValues = z.record(z.string(), z.unknown());

/** A reference from one object of a factory to another. */
export interface Reference {
  readonly kind: "linkedService" | "dataset" | "pipeline";
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

function reference(kind: Reference["kind"], type: string): z.ZodType<Reference> {
  return z
    .strictObject({
      referenceName: z.string(),
      type: z.literal(type),
      parameters: parameterValues.optional(),
      name: z.string().optional(),
    })
    .transform(({ referenceName, parameters }) => ({
      kind,
      name: referenceName,
      parameters: parameters ?? {},
    }));
}

export const linkedServiceReference = reference("linkedService", "LinkedServiceReference");
export const datasetReference = reference("dataset", "DatasetReference");
export const pipelineReference = reference("pipeline", "PipelineReference");
