import { randomUUID } from "node:crypto";

/** Quantemplate's event for an updated shared dataset, field by field as documented. */
export interface DatasetUpdated {
  readonly id: string;
  readonly name: "DatasetUpdated";
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly payload: { readonly datasetId: string; readonly eventName: "DatasetUpdated" };
}

export function datasetUpdated(datasetId: string): DatasetUpdated {
  return {
    id: randomUUID(),
    name: "DatasetUpdated",
    created: new Date().toISOString(),
    payload: { datasetId, eventName: "DatasetUpdated" },
  };
}

/** What a log may show of any event body: id and name, if they are plain words. */
export function describeEvent(body: string): { readonly id: string | undefined; readonly name: string } {
  const event = parseLeniently(body);
  const word = (value: unknown) =>
    typeof value === "string" && /^[\w-]{1,64}$/.test(value) ? value : undefined;
  return { id: word(event?.id), name: word(event?.name) ?? "event" };
}

/** The body may be invalid JSON on purpose: a receiver has to cope with it. */
function parseLeniently(body: string): { readonly id?: unknown; readonly name?: unknown } | null {
  try {
    return JSON.parse(body) as { id?: unknown; name?: unknown } | null;
  } catch {
    return null;
  }
}
