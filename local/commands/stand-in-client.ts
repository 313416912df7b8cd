import type { Readable } from "node:stream";
import { QtError } from "../../errors/qt-error";
import type { Environment } from "../environment";

/** What the admin side of the Quantemplate stand-in answers to a new snapshot or an event. */
export interface Delivery {
  readonly eventId?: string;
  readonly bytes?: number;
  readonly delivered: readonly {
    readonly status: number;
    readonly jobIds?: readonly string[];
    readonly error?: string;
  }[];
}

/** What one Fivetran sync did to the destination. */
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

async function send(url: string, init: RequestInit & { duplex?: "half" }): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) {
    throw new QtError("QT9008", {
      url,
      status: response.status,
      message: (await response.text()).slice(0, 2000),
    });
  }
  return response;
}

/** Replaces a dataset at the Quantemplate stand-in; it tells its subscribers unless `event` is false. */
export async function putDataset(
  environment: Environment,
  dataset: string,
  csv: Readable | string,
  event = true,
): Promise<Delivery> {
  const url = `${environment.quantemplate.adminUrl}/datasets/${encodeURIComponent(dataset)}${event ? "" : "?event=false"}`;
  const response = await send(url, {
    method: "PUT",
    headers: { "content-type": "text/csv" },
    body: csv as unknown as BodyInit,
    duplex: "half",
  });
  return (await response.json()) as Delivery;
}

/** Ids of the datasets that the Quantemplate stand-in has data of. */
export async function quantemplateDatasets(environment: Environment): Promise<string[]> {
  const response = await send(`${environment.quantemplate.adminUrl}/datasets`, {});
  return ((await response.json()) as { value: { id: string }[] }).value.map(({ id }) => id);
}

/** Sends an event without changing data. */
export async function sendEvent(environment: Environment, event: unknown): Promise<Delivery> {
  const response = await send(`${environment.quantemplate.adminUrl}/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(event),
  });
  return (await response.json()) as Delivery;
}

/** One Fivetran sync; `resync` forgets the state first. */
export async function sync(environment: Environment, resync = false): Promise<SyncReport> {
  const url = `${environment.fivetran.adminUrl}/${resync ? "resync" : "sync"}`;
  return (await (await send(url, { method: "POST" })).json()) as SyncReport;
}

/** Rows of a destination table that are not deleted. */
export async function destinationRows(
  environment: Environment,
  table: string,
): Promise<Record<string, unknown>[]> {
  const response = await send(`${environment.fivetran.adminUrl}/tables/${encodeURIComponent(table)}`, {});
  return (await response.json()) as Record<string, unknown>[];
}

/** An Owner's query on the tenant's database. */
export async function query(
  environment: Environment,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const response = await send(environment.sql.queryUrl, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${environment.arm.token}` },
    body: JSON.stringify({ sql, parameters }),
  });
  return ((await response.json()) as { rows: Record<string, unknown>[] }).rows;
}
