import http from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { QtError } from "../../errors/qt-error";
import type { Environment } from "../environment";

/** The local Quantemplate's answer to a new snapshot or an event. */
export interface Delivery {
  readonly eventId?: string;
  readonly bytes?: number;
  readonly delivered: readonly {
    readonly status: number;
    readonly jobIds?: readonly string[];
    readonly error?: string;
  }[];
}

/** What one Fivetran sync changed in the destination. */
export interface SyncReport {
  readonly pages: number;
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
  readonly unchanged: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly activeRows: number;
}

interface Call {
  readonly method?: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

/**
 * Calls the emulator over plain HTTP; the answer is JSON. Does not use fetch, which times out after five minutes without an
 * answer: a sync answers only when it has ended.
 * @throws QtError QT9008 if the call is refused, QT9013 if nothing answers.
 */
async function call<Answer>(
  url: string,
  { method = "GET", headers = {}, body = "" }: Call = {},
): Promise<Answer> {
  const { status, answer } = await exchange(url, { method, headers }, Readable.from(body)).catch(
    (error: NodeJS.ErrnoException) => {
      throw new QtError("QT9013", { url, reason: error.message || (error.code ?? "") }, { cause: error });
    },
  );
  if (status >= 300) throw new QtError("QT9008", { url, status, message: answer.slice(0, 2000) });
  return JSON.parse(answer) as Answer;
}

async function exchange(
  url: string,
  options: http.RequestOptions,
  body: Readable,
): Promise<{ status: number; answer: string }> {
  const request = http.request(url, options);
  const response = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", reject);
  });
  const [incoming] = await Promise.all([response, pipeline(body, request)]);
  return { status: incoming.statusCode ?? 0, answer: await text(incoming) };
}

/** Replaces a dataset at the local Quantemplate, which notifies its subscribers unless `event` is false. */
export async function putDataset(
  environment: Environment,
  dataset: string,
  csv: Readable | string,
  event = true,
): Promise<Delivery> {
  const url = `${environment.quantemplate.adminUrl}/datasets/${encodeURIComponent(dataset)}${event ? "" : "?event=false"}`;
  return call(url, { method: "PUT", headers: { "content-type": "text/csv" }, body: csv });
}

/** Ids of the datasets that the local Quantemplate holds data for. */
export async function quantemplateDatasets(environment: Environment): Promise<string[]> {
  const { value } = await call<{ value: { id: string }[] }>(`${environment.quantemplate.adminUrl}/datasets`);
  return value.map(({ id }) => id);
}

/** Sends an event without changing data. */
export async function sendEvent(environment: Environment, event: unknown): Promise<Delivery> {
  return call(`${environment.quantemplate.adminUrl}/events`, { method: "POST", ...json(event) });
}

/** One Fivetran sync; `resync` forgets the state first. */
export async function sync(environment: Environment, resync = false): Promise<SyncReport> {
  return call(`${environment.fivetran.adminUrl}/${resync ? "resync" : "sync"}`, { method: "POST" });
}

/** Rows of a destination table, without the deleted ones. */
export async function destinationRows(
  environment: Environment,
  table: string,
): Promise<Record<string, unknown>[]> {
  return call(`${environment.fivetran.adminUrl}/tables/${encodeURIComponent(table)}`);
}

/** Sends a tenant's settings to the local Quantemplate or Fivetran. */
export async function putJson(url: string, body: unknown): Promise<void> {
  await call(url, { method: "PUT", ...json(body) });
}

/**
 * Runs a query on the tenant's database, as an Owner.
 * @param sql SQL that both engines understand, with parameters `$1`, `$2`, …
 */
export async function query(
  environment: Environment,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const text = environment.sql.engine === "mssql" ? sql.replace(/\$(\d+)/g, "@p$1") : sql;
  const { headers, body } = json({ sql: text, parameters });
  const { rows } = await call<{ rows: Record<string, unknown>[] }>(environment.sql.queryUrl, {
    method: "POST",
    headers: { ...headers, authorization: `Bearer ${environment.arm.token}` },
    body,
  });
  return rows;
}

const json = (value: unknown) => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});
