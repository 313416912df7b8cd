import type * as z from "zod";
import { datasetSchema, locationSchema, tenantSchema } from "../infra/config-schema";
import type { DatasetAnswer, TenantAnswers } from "./compose-file";

/** A question to a person. */
export interface Question {
  readonly message: string;
  /** What the value is for. */
  readonly explanation: string;
  /** Stands there already, to be taken or changed. */
  readonly initial?: string | undefined;
  /** Whether the answer must not be seen. */
  readonly isSecret?: boolean;
  /** What is wrong with a text, while it is typed; undefined: nothing. */
  problem(text: string): string | undefined;
}

/** Asks and gives the answer, which has no problem. */
export type Ask = (question: Question) => Promise<string>;

/** The values that a tenant cannot be without, each with the schema that explains and checks it. */
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

/** What is wrong with a value, in the words of its schema. */
export function problemOf(schema: z.ZodType, value: unknown): string | undefined {
  const result = schema.safeParse(value);
  return result.success ? undefined : `Expects ${result.error.issues[0]?.message}`;
}

/** Asks for what is not given yet; `known` is what the answer would be without one. */
export async function askTenant(
  ask: Ask,
  given: TenantAnswers,
  known: TenantAnswers,
): Promise<TenantAnswers> {
  const answers: Record<string, string> = {};
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

async function askDatasets(ask: Ask): Promise<DatasetAnswer[]> {
  const datasets: DatasetAnswer[] = [];
  for (;;) {
    const isFirst = datasets.length === 0;
    const id = await ask({
      message: isFirst ? "First dataset" : "Another dataset",
      explanation: `${datasetFields.id.description} ${isFirst ? "" : "Leave it empty to end."}`.trim(),
      problem: (text) => {
        if (text === "" && !isFirst) return undefined;
        if (datasets.some((other) => other.id === text)) return "Expects an id that is not in the list yet";
        return problemOf(datasetFields.id, text);
      },
    });
    if (id === "") return datasets;
    const table = await ask({
      message: `Table of ${id}`,
      explanation: datasetFields.table.description ?? "",
      problem: (text) => problemOf(datasetFields.table, text),
    });
    const keys = await ask({
      message: `Key columns of ${id}`,
      explanation: `${datasetFields.keyColumns.description} Separated by commas.`,
      problem: (text) => problemOf(datasetFields.keyColumns, splitHeaders(text)),
    });
    datasets.push({ id, table, keyColumns: splitHeaders(keys) });
  }
}

function splitHeaders(text: string): string[] {
  return text
    .split(",")
    .map((header) => header.trim())
    .filter(Boolean);
}

/**
 * `id=d-1,table=claims,key=Policy Reference,key=Line` as the flag takes it.
 * @returns undefined where it is not of this form.
 */
export function parseDatasetFlag(text: string): DatasetAnswer | undefined {
  const parts = text.split(",").map((part) => /^(id|table|key)=(.+)$/s.exec(part.trim()));
  const all = (name: string) => parts.flatMap((part) => (part?.[1] === name && part[2] ? [part[2]] : []));
  const [ids, tables] = [all("id"), all("table")];
  const [id, table] = [ids[0], tables[0]];
  if (parts.includes(null) || id === undefined || table === undefined) return undefined;
  return ids.length > 1 || tables.length > 1 ? undefined : { id, table, keyColumns: all("key") };
}
