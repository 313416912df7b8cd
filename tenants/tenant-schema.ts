import * as z from "zod";
import { CLIENT_SECRET, LOCATION_KEY, NAMESPACE } from "../infra/config-check";
import { locationSchema, tenantSchema } from "../infra/config-schema";
import { secretNames } from "../infra/secret-names";

/** The part of a JSON Schema that this project reads. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
}

/** Path of the schema, relative to a tenant's file. */
export const SCHEMA_FILE = "tenants/tenant.schema.json";
/** The comment by which editors find it. */
export const SCHEMA_COMMENT = `# yaml-language-server: $schema=${SCHEMA_FILE}`;

const secure: JsonSchema = {
  type: "object",
  properties: { secure: { type: "string", description: "Ciphertext of the stack's secrets provider." } },
  required: ["secure"],
  additionalProperties: false,
};

/** Settings of the providers and of Pulumi itself, which this schema does not describe. */
const otherNamespaces = `^(?!${LOCATION_KEY}$)(azure-native|random|pulumi):`;

/** Names of secrets among them, such as `clientSecret` or `api_key`. JSON Schema patterns have no flag for ignoring case. */
const secretPattern = `${otherNamespaces}.*(${secretNames.map(anyCase).join("|")})s?$`;

function anyCase(words: string): string {
  return words
    .split(" ")
    .map(([first = "", ...rest]) => `[${first}${first.toUpperCase()}]${rest.join("")}`)
    .join("[_-]?");
}

/** The schema of the settings in our namespace, derived from the one that the program checks them with. */
export function settingsSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(tenantSchema, { io: "input" }) as JsonSchema;
  return schema;
}

/** The schema of a whole `Pulumi.<tenant>.yaml`. Nothing is required: a setting may be common to all tenants. */
export function tenantFileSchema(): JsonSchema {
  const settings = Object.entries(settingsSchema().properties ?? {}).map(
    ([name, schema]) => [`${NAMESPACE}:${name}`, mayBeText(schema)] as const,
  );
  const { $schema, ...location } = z.toJSONSchema(locationSchema) as JsonSchema;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A tenant's stack file",
    type: "object",
    properties: {
      config: {
        type: "object",
        description: "The tenant's settings. What is common to all tenants is in Pulumi.yaml.",
        properties: {
          [LOCATION_KEY]: location,
          ...Object.fromEntries(settings),
          [`${NAMESPACE}:${CLIENT_SECRET}`]: {
            ...secure,
            description:
              "The API client's secret, encrypted: pulumi config set --secret quantemplate:clientSecret",
          },
        },
        patternProperties: { [otherNamespaces]: {}, [secretPattern]: secure },
        additionalProperties: false,
      },
      environment: { description: "Pulumi ESC environments that provide more settings." },
      secretsprovider: { type: "string", description: "What encrypts the stack's secrets; kept by Pulumi." },
      encryptedkey: { type: "string", description: "Kept by Pulumi." },
      encryptionsalt: { type: "string", description: "Kept by Pulumi." },
    },
    additionalProperties: false,
  };
}

/** `pulumi config set` writes every single value as text. */
function mayBeText(schema: JsonSchema): JsonSchema {
  if (schema.type !== "boolean") return schema;
  const { type, ...rest } = schema;
  return { ...rest, enum: [true, false, "true", "false"] };
}

/** The text of the schema's checked-in file. */
export function schemaText(): string {
  return `${JSON.stringify(tenantFileSchema(), null, 2)}\n`;
}
