import { z } from "zod";
import { checked } from "./checked";
import { DefinitionError } from "./definition-error";
import { type Parameters, parameters } from "./parameter";

/** A deployed linked service. `typeProperties` may contain expressions with `linkedService()`. */
export interface LinkedService {
  readonly name: string;
  readonly type: LinkedServiceType;
  readonly parameters: Parameters;
  readonly typeProperties: Readonly<Record<string, unknown>>;
  /** The name of the integration runtime that connects; undefined for Azure's own. */
  readonly runtime?: string;
}

export type LinkedServiceType = keyof typeof typeProperties;

/** The supported types with their supported settings. */
const typeProperties = {
  HttpServer: z.strictObject({
    url: z.unknown(),
    authenticationType: z.literal("Anonymous"),
    enableServerCertificateValidation: z.literal(true).optional(),
  }),
  AzureSqlDatabase: z.strictObject({
    server: z.unknown(),
    database: z.unknown(),
    encrypt: z.enum(["mandatory", "strict", "true"]).optional(),
    trustServerCertificate: z.literal(false).optional(),
    commandTimeout: z.int().optional(),
    connectTimeout: z.int().optional(),
    authenticationType: z.literal("SystemAssignedManagedIdentity"),
  }),
  AzureFunction: z.strictObject({
    functionAppUrl: z.unknown(),
    functionKey: z.strictObject({ type: z.literal("SecureString"), value: z.unknown() }).optional(),
    authentication: z.literal("Anonymous").optional(),
  }),
};

const schema = z.strictObject({
  type: z.string(),
  typeProperties: z.unknown().optional(),
  parameters: parameters.default({}),
  description: z.string().optional(),
  annotations: z.array(z.unknown()).optional(),
  version: z.string().optional(),
  connectVia: z
    .strictObject({ referenceName: z.string(), type: z.literal("IntegrationRuntimeReference") })
    .optional(),
});

/** Parses a linked service's `properties`. @throws DefinitionError naming unknown or unsupported parts */
export function parseLinkedService(name: string, properties: unknown): LinkedService {
  const subject = `linked service '${name}'`;
  const type = supportedType(properties, subject);
  const parsed = checked(schema, properties, subject);
  return {
    name,
    type,
    parameters: parsed.parameters,
    ...(parsed.connectVia && { runtime: parsed.connectVia.referenceName }),
    typeProperties: {
      ...checked(typeProperties[type] as z.ZodType<object>, parsed.typeProperties, subject),
    },
  };
}

/** The type first: no setting can make another one run, so nothing else of its shape matters. @throws DefinitionError */
function supportedType(properties: unknown, subject: string): LinkedServiceType {
  const { type } = checked(z.looseObject({ type: z.string() }), properties, subject);
  if (isSupported(type)) return type;
  throw new DefinitionError(
    `${subject} is of type '${type}', which the emulator does not run. It runs: ${Object.keys(typeProperties).join(", ")}.`,
  );
}

function isSupported(type: string): type is LinkedServiceType {
  return Object.hasOwn(typeProperties, type);
}
