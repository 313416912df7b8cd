/** Converts a cell's text to JSON. Undefined means that the text does not have the type's form. */
export type CellJson = (text: string) => string | undefined;

/** Characters that a JSON string must escape: quotes, backslashes, controls, and surrogates (a lone one is not valid UTF-8). */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A JSON string. It calls `JSON.stringify` only if something needs escaping, which is rare. */
export function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

/** `int` fits a JSON number exactly. */
const int: CellJson = (text) => (INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? text : undefined);

/** From here on JavaScript writes a number with an exponent. */
const FIRST_EXPONENT = 1e21;

/**
 * The shortest form that reads back as the same double, whatever the dialect's spelling (`1E+20`, `1e20`). It always has a point or an
 * exponent: from `1` Fivetran would make a column of integers.
 */
const float: CellJson = (text) => {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) return undefined;
  if (!Number.isInteger(number) || Math.abs(number) >= FIRST_EXPONENT) return String(number);
  return Object.is(number, -0) ? "-0.0" : `${number}.0`;
};

const bit: CellJson = (text) => {
  if (text === "true" || text === "1") return "true";
  return text === "false" || text === "0" ? "false" : undefined;
};

/** Values without a zone are UTC and get a `Z`. */
const datetime: CellJson = (text) => quote(text.endsWith("Z") ? text : `${text}Z`);

/**
 * One JSON form for each type. It must never change, because Fivetran infers a column's type from what it reads. `bigint` and
 * `decimal` are strings, because a JSON parser may keep only 53 bits.
 */
const forms = new Map<string | undefined, CellJson>(
  Object.entries({
    text: quote,
    int,
    bigint: quote,
    decimal: quote,
    float,
    bit,
    date: quote,
    datetime2: datetime,
  }),
);

/** The writer of a declared type (`decimal(18,2)` is `decimal`), or undefined for an unknown one. */
export function cellJson(type: string): CellJson | undefined {
  return forms.get(/^[a-z0-9]+/.exec(type.toLowerCase())?.[0]);
}
