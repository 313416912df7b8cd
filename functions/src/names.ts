/**
 * A name as Fivetran writes it at the destination (its "schema and table name normalization"): accents dropped, anything
 * but letters, digits and `_` replaced by `_`, camelCase split, runs of `_` collapsed, lower case, no leading digit.
 */
export function normaliseName(name: string): string {
  const plain = name
    .replace(/ß/g, "ss")
    .replace(/[æÆ]/g, "ae")
    .replace(/[øØ]/g, "o")
    .replace(/[łŁ]/g, "l")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9_]/g, "_")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replace(/_+/g, "_")
    .toLowerCase();
  return /^[0-9]/.test(plain) ? `_${plain}` : plain;
}

/** A table's name: as `normaliseName`, and a `_` before a leading letter is dropped. */
export function normaliseTableName(name: string): string {
  return normaliseName(name).replace(/^_(?=[a-z])/, "");
}
