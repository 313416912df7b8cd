/** Writes the JSON of a cell from its text. Undefined means that the text does not have the type's form. */
export type CellJson = (text: string) => string | undefined;

/** Anything but what a JSON string holds as it is: quotes, backslashes, controls, and surrogates (a lone one is no UTF-8). */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A JSON string. `JSON.stringify` only where something needs escaping: most cells do not. */
export function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

/** `int` fits a JSON number exactly. */
const int: CellJson = (text) => (INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? text : undefined);

/** Shortest form that reads back to the same double, whatever the dialect's own spelling (`1E+20`, `1e20`). */
const float: CellJson = (text) => {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? String(number) : undefined;
};

const bit: CellJson = (text) => {
  if (text === "true" || text === "1") return "true";
  return text === "false" || text === "0" ? "false" : undefined;
};

/** Values without a zone are UTC, and say so. */
const datetime: CellJson = (text) => quote(text.endsWith("Z") ? text : `${text}Z`);

/**
 * One JSON form a type, for ever: Fivetran infers a column's type from what it reads. `bigint` and `decimal` are
 * strings, because a JSON reader may keep 53 bits only.
 */
const forms: Readonly<Record<string, CellJson>> = {
  text: quote,
  int,
  bigint: quote,
  decimal: quote,
  float,
  bit,
  date: quote,
  datetime2: datetime,
};

/** The writer of a declared type (`decimal(18,2)` is `decimal`), or undefined for an unknown one. */
export function cellJson(type: string): CellJson | undefined {
  const base = /^[a-z0-9]+/.exec(type.toLowerCase())?.[0] ?? "";
  return Object.hasOwn(forms, base) ? forms[base] : undefined;
}
