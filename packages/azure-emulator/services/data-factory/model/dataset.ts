import { z } from "zod";
import { checked } from "./checked";
import { DefinitionError } from "./definition-error";
import { type Parameters, parameters } from "./parameter";
import { linkedServiceReference, type Reference } from "./reference";

/** A deployed dataset. `typeProperties` may contain expressions with `dataset()`. */
export interface Dataset {
  readonly name: string;
  readonly type: DatasetType;
  readonly linkedService: Reference;
  readonly parameters: Parameters;
  readonly typeProperties: Readonly<Record<string, unknown>>;
}

export type DatasetType = keyof typeof typeProperties;

/** The supported types with their supported settings: RFC 4180 in UTF-8 with a header. */
const typeProperties = {
  DelimitedText: z.strictObject({
    location: z.strictObject({ type: z.literal("HttpServerLocation"), relativeUrl: z.unknown() }),
    columnDelimiter: z.literal(","),
    quoteChar: z.literal('"'),
    escapeChar: z.literal('"', {
      error: "the emulator reads doubled quotes only, so escapeChar must be '\"'",
    }),
    firstRowAsHeader: z.literal(true),
    encodingName: z.literal("UTF-8").optional(),
  }),
  AzureSqlTable: z.strictObject({
    tableName: z.unknown().optional(),
    schema: z.unknown().optional(),
    table: z.unknown().optional(),
  }),
};

const schema = z.strictObject({
  type: z.string(),
  typeProperties: z.unknown().optional(),
  linkedServiceName: linkedServiceReference,
  parameters: parameters.default({}),
  description: z.string().optional(),
  annotations: z.array(z.unknown()).optional(),
  schema: z.array(z.unknown()).optional(),
  structure: z.undefined().optional(),
  folder: z.strictObject({ name: z.string() }).optional(),
});

/** Parses a dataset's `properties`. @throws DefinitionError naming unknown or unsupported parts */
export function parseDataset(name: string, properties: unknown): Dataset {
  const subject = `dataset '${name}'`;
  const type = supportedType(properties, subject);
  const parsed = checked(schema, properties, subject);
  return {
    name,
    type,
    linkedService: parsed.linkedServiceName,
    parameters: parsed.parameters,
    typeProperties: {
      ...checked(typeProperties[type] as z.ZodType<object>, parsed.typeProperties ?? {}, subject),
    },
  };
}

/** The type first: no setting can make another one run, so nothing else of its shape matters. @throws DefinitionError */
function supportedType(properties: unknown, subject: string): DatasetType {
  const { type } = checked(z.looseObject({ type: z.string() }), properties, subject);
  if (isSupported(type)) return type;
  throw new DefinitionError(
    `${subject} is of type '${type}', which the emulator does not run. It runs: ${Object.keys(typeProperties).join(", ")}.`,
  );
}

function isSupported(type: string): type is DatasetType {
  return Object.hasOwn(typeProperties, type);
}
