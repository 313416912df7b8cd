type Json = Readonly<Record<string, unknown>>;

/**
 * Studio names the table of an AzureSqlTable dataset by `schema` and `table`; azure-native gives `typeProperties.schema` the name of
 * the dataset's own `schema` (docs/sources.md, "Data Factory"). Data Factory takes both in one `tableName` too.
 * @param typeProperties as Studio writes them; expressions stay expressions
 */
export function withTableName(typeProperties: Json): Json {
  const { schema, table, ...rest } = typeProperties;
  const parts = [schema, table].map(template);
  if (rest.tableName !== undefined || parts.includes(undefined)) return typeProperties;
  const value = parts.join(".");
  return { ...rest, tableName: value.includes("@") ? { value, type: "Expression" } : value };
}

/** A text or an expression as a part of a text with `@{…}`; undefined for anything else. */
function template(value: unknown): string | undefined {
  const text = isExpression(value) ? value.value : value;
  if (typeof text !== "string" || text === "") return undefined;
  return /^@[^{@]/.test(text) ? `@{${text.slice(1)}}` : text;
}

function isExpression(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && "value" in value;
}
