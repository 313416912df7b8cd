import * as z from "zod";
import { MAX_NAME_BYTES } from "../database/physical-name";
import { normaliseTableName } from "../functions/src/names";
import { ROW_ID_COLUMN } from "../functions/src/row-json";
import { DECIMALS, formatMistake, THOUSANDS } from "./column-format";
import { text, trueOrFalse, wholeNumber } from "./schema-parts";
import { withDefaults } from "./schema-walk";

/** An id in Quantemplate's form. It becomes part of an address and of a table's name, so nothing else is allowed. */
export const DATASET_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** The longest column header, in characters. */
const MAX_HEADER = 200;

/** The types that a column can have, in words; the database's errors use the same words. */
export const COLUMN_TYPES = "text, int, bigint, decimal(p,s) with p up to 38, float, bit, date or datetime2";

const columnType = text(
  /^(text|int|bigint|float|bit|date|datetime2|decimal\((?:[1-9]|[12]\d|3[0-8]),(?:\d|[12]\d|3[0-8])\))$/,
  COLUMN_TYPES,
).refine(scaleFits, { error: "a decimal(p,s) whose scale s is not above its precision p" });

function scaleFits(type: string): boolean {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  return precision === undefined || Number(scale) <= Number(precision);
}

const header = z
  .string({ error: "a column's header as the CSV has it" })
  .min(1, { error: "a column's header as the CSV has it" })
  .max(MAX_HEADER, { error: `a header of at most ${MAX_HEADER} characters` });

const columnName = text(
  /^[a-z](_?[a-z0-9])*_?$/,
  "a column's name: lower-case letters, digits and single underscores, a letter first",
)
  .max(MAX_NAME_BYTES, { error: `a column's name of at most ${MAX_NAME_BYTES} bytes` })
  .refine((name) => name !== ROW_ID_COLUMN, {
    error: `another name than ${ROW_ID_COLUMN}, which is reserved`,
  })
  .describe("The column's name, in Azure SQL and at Fivetran.");

const declaredType = z
  .strictObject({
    type: columnType.describe(
      "The column's SQL type. A value that it does not hold exactly does not convert: a datetime2 has milliseconds, a decimal the digits of its scale; a float is the nearest one.",
    ),
    onError: z
      .enum(["fail", "null"], { error: "fail or null" })
      .default("fail")
      .describe(
        "What happens if a value does not convert: the load fails and names it, or the cell becomes NULL.",
      ),
    format: text(/./s, "a format of days and times, such as dd/MM/yyyy")
      .optional()
      .describe(
        "How a date or datetime2 is written: yyyy, MM, M or MMM, dd or d, HH or H, mm, ss, fff; everything else is as it stands. The plain form does not convert then.",
      ),
    thousands: z
      .enum(THOUSANDS, { error: "a comma, a point, a blank, an apostrophe or a no-break space" })
      .optional()
      .describe("The sign between the thousands of a number. It stands at groups of three, or not at all."),
    decimal: z
      .enum(DECIMALS, { error: "a point or a comma" })
      .optional()
      .describe("The decimal sign of a number; a point if it is not declared."),
    percent: trueOrFalse
      .optional()
      .describe("Whether a decimal or float is a percentage: it ends with % and lands divided by 100."),
  })
  .check(({ value, issues }) => {
    const [setting, error] = formatMistake(value) ?? [];
    if (setting !== undefined)
      issues.push({ code: "custom", input: value, path: [setting], message: error ?? "" });
  });

const guards = z.strictObject({
  maxShrinkPercent: wholeNumber(0, 100)
    .default(50)
    .describe("A snapshot that loses more than this percentage of the live rows is not published."),
  maxColumnChangePercent: wholeNumber(0, 100)
    .default(50)
    .describe(
      "A snapshot that lacks more than this percentage of the last one's columns is not published, nor one of whose columns more than this percentage are new.",
    ),
  allowEmpty: trueOrFalse.default(false).describe("Whether a snapshot without rows is published."),
});

/**
 * The settings of a dataset, with their defaults and limits, are defined here only. Types, JSON Schema, the table in
 * docs/tenants.md, the input of qt.configure and what a preview compares derive from it. CONTRIBUTING.md explains how to add one.
 */
export const datasetSchema = z.strictObject({
  id: text(
    DATASET_ID,
    "a Quantemplate dataset id: letters, digits, dots, hyphens and underscores, a letter or digit first",
  ).describe("The dataset's id in Quantemplate."),
  table: text(/\S/, "a table name")
    .transform(normaliseTableName)
    .refine((name) => /[a-z0-9]/.test(name), { error: "a table name with at least one letter or digit" })
    .refine((name) => Buffer.byteLength(name) <= MAX_NAME_BYTES, {
      error: `a table name of at most ${MAX_NAME_BYTES} bytes`,
    })
    .describe("The table that the dataset becomes, in Azure SQL and at Fivetran."),
  keyColumns: z
    .array(header, { error: "a list of headers (empty if the dataset has no key)" })
    .default([])
    .describe("Headers of the columns that identify a row; if empty, rows are identified by their content."),
  types: z
    .record(header, declaredType, {
      error: "an object from headers to {type, onError, format, thousands, decimal, percent}",
    })
    .default({})
    .describe("Types of columns, by header; other columns are text."),
  columns: z
    .record(header, columnName, { error: "an object from headers to column names" })
    .default({})
    .describe(
      "Names of columns, by header as the CSV has it; a column that is not here is named after its header. For headers that would become the same column, or none.",
    ),
  exclude: z
    .array(header, { error: "a list of headers (empty if every column lands)" })
    .default([])
    .describe("Headers whose columns are left out: their data never comes into the table, nor to Fivetran."),
  guards: guards.prefault({}).describe("The guards that a snapshot must pass before it is published."),
});

/** The settings of a column that is not declared. */
export const undeclared: DeclaredType = withDefaults(declaredType, { type: "text" });

/** A dataset's settings, each with a value. The program works with them and passes them to qt.configure as JSON. */
export type DatasetSettings = DeepReadonly<z.output<typeof datasetSchema>>;
/** A dataset as written in a tenant's file: settings with a default may be missing. */
export type DatasetInput = DeepReadonly<z.input<typeof datasetSchema>>;
export type DeclaredType = DatasetSettings["types"][string];

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
