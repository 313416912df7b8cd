import type * as z from "zod";
import { normaliseTableName } from "../../functions/src/names";
import { locationSchema, tenantSchema } from "../../infra/config-schema";
import { datasetClashes } from "../../infra/dataset-clashes";
import { datasetSchema } from "../../infra/dataset-schema";
import type { DatasetAnswer, TenantAnswers } from "./compose-file";
import { splitFields, splitList } from "./quoted-list";

/** A question to a person. */
export interface Question {
  readonly message: string;
  /** What the value is for. */
  readonly explanation: string;
  /** The text that is filled in at first, to be accepted or changed. */
  readonly initial?: string | undefined;
  /** True if the answer must not be shown. */
  readonly isSecret?: boolean;
  /** What is wrong with a text while it is typed; undefined if nothing is. */
  problem(text: string): string | undefined;
  /** What a text is changed into; undefined if it stays the same. */
  becomes?(text: string): string | undefined;
}

/** Asks and returns a valid answer. */
export type Ask = (question: Question) => Promise<string>;

/** The required settings, each with the schema that explains and checks it. */
export const asked = {
  organisationId: {
    flag: "--organisation-id",
    message: "Organisation",
    schema: tenantSchema.shape.organisationId,
  },
  clientId: { flag: "--client-id", message: "API client", schema: tenantSchema.shape.clientId },
  location: { flag: "--location", message: "Azure region", schema: locationSchema },
} as const;

const datasetFields = datasetSchema.shape;

/** What is wrong with a value, in its schema's words. */
export function problemOf(schema: z.ZodType, value: unknown): string | undefined {
  const result = schema.safeParse(value);
  return result.success ? undefined : `Expects ${result.error.issues[0]?.message}`;
}

/** Asks for missing settings. `known` has the values that apply without an answer. */
export async function askTenant(
  ask: Ask,
  given: TenantAnswers,
  known: TenantAnswers,
): Promise<TenantAnswers> {
  const answers: Partial<Record<keyof typeof asked, string>> = {};
  for (const [name, { message, schema }] of Object.entries(asked)) {
    const field = name as keyof typeof asked;
    answers[field] =
      given[field] ??
      (await ask({
        message,
        explanation: schema.description ?? "",
        initial: known[field],
        problem: (text) => problemOf(schema, text),
      }));
  }
  // A region that is common to all tenants stays common.
  const location = given.location ?? (answers.location === known.location ? undefined : answers.location);
  const datasets = given.datasets ?? (known.datasets?.length ? undefined : await askDatasets(ask));
  return { ...answers, location, datasets };
}

/** Asks for datasets. Every possible mistake is reported at its question. */
async function askDatasets(ask: Ask): Promise<DatasetAnswer[]> {
  const datasets: DatasetAnswer[] = [];
  const clash = (dataset: Partial<DatasetAnswer>) => {
    const found = datasetClashes([...datasets, dataset]).find(({ path }) => path[1] === datasets.length);
    return found && asSentence(found.message);
  };
  for (;;) {
    const isFirst = datasets.length === 0;
    const id = await ask({
      message: isFirst ? "First dataset" : "Another dataset",
      explanation: `${datasetFields.id.description} ${isFirst ? "" : "Leave it empty to finish."}`.trim(),
      problem: (text) => {
        if (text === "" && !isFirst) return undefined;
        return problemOf(datasetFields.id, text) ?? clash({ id: text });
      },
    });
    if (id === "") return datasets;
    const table = await ask({
      message: `Table of ${id}`,
      explanation: datasetFields.table.description ?? "",
      problem: (text) => problemOf(datasetFields.table, text) ?? clash({ table: text }),
      becomes: (text) => {
        const name = normaliseTableName(text);
        return name === text ? undefined : `Becomes the table ${name}`;
      },
    });
    const keys = await ask({
      message: `Key columns of ${id}`,
      explanation: `${datasetFields.keyColumns.description} Separated by commas; put a header that contains one in quotes: "Loss, gross".`,
      problem: (text) => {
        const keyColumns = splitList(text);
        if (keyColumns === undefined) return "Expects a closing quote, followed by a comma or the end";
        return problemOf(datasetFields.keyColumns, keyColumns) ?? clash({ keyColumns });
      },
    });
    datasets.push({ id, table, keyColumns: splitList(keys) ?? [] });
  }
}

/** `expects …` as a sentence. */
export function asSentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/**
 * Parses the flag `id=d-1,table=claims,key=Policy Reference,key="Loss, gross"`.
 * @returns undefined if it does not have this form.
 */
export function parseDatasetFlag(text: string): DatasetAnswer | undefined {
  const fields = splitFields(text) ?? [];
  const all = (wanted: string) => fields.filter(({ name }) => name === wanted).map(({ value }) => value);
  const [ids, tables, keyColumns] = [all("id"), all("table"), all("key")];
  const [id, table] = [ids[0], tables[0]];
  if (id === undefined || table === undefined || ids.length > 1 || tables.length > 1) return undefined;
  return fields.length === 2 + keyColumns.length ? { id, table, keyColumns } : undefined;
}
