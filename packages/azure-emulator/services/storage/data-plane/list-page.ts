import { blobError } from "./blob-error";

/** At most this many entries on a page. Source: learn.microsoft.com/rest/api/storageservices/list-blobs, `maxresults`. */
const LARGEST = 5000;

/** What a list asks for. */
export interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly marker: string;
  readonly limit: number;
}

/** An entry of a page: an item, or the common beginning of several items. */
export type Entry<T> = { readonly item: T } | { readonly prefix: string };

export interface Page<T> {
  readonly entries: readonly Entry<T>[];
  /** Where the next page begins; empty after the last one. */
  readonly next: string;
}

/** @throws blob errors OutOfRangeQueryParameterValue, InvalidQueryParameterValue */
export function listQueryOf(query: URLSearchParams): ListQuery {
  const wanted = query.get("maxresults");
  if (wanted !== null && !/^\d+$/.test(wanted)) throw blobError("InvalidQueryParameterValue", "maxresults");
  if (wanted !== null && Number(wanted) < 1) throw blobError("OutOfRangeQueryParameterValue", "maxresults");
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    marker: nameOf(query.get("marker") ?? ""),
    limit: Math.min(wanted === null ? LARGEST : Number(wanted), LARGEST),
  };
}

/**
 * One page of items, with a delimiter as of a hierarchy: what lies behind a delimiter after the prefix is one entry.
 * @param items in the order of their names
 */
export function pageOf<T extends { readonly name: string }>(items: readonly T[], query: ListQuery): Page<T> {
  const { prefix, delimiter, marker, limit } = query;
  const entries: Entry<T>[] = [];
  let last: string | undefined;
  for (const item of items) {
    if (!item.name.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : item.name.indexOf(delimiter, prefix.length);
    const shown = end < 0 ? item.name : item.name.slice(0, end + delimiter.length);
    if (shown < marker || (end >= 0 && shown === last)) continue;
    if (entries.length === limit) return { entries, next: markerOf(shown) };
    last = shown;
    entries.push(end < 0 ? { item } : { prefix: shown });
  }
  return { entries, next: "" };
}

/** A marker is opaque to clients, and made of characters that need no escaping. */
function markerOf(name: string): string {
  return `1!${Buffer.from(name).toString("base64url")}`;
}

function nameOf(marker: string): string {
  if (marker === "") return "";
  const name = Buffer.from(marker.slice(2), "base64url").toString();
  if (marker !== markerOf(name)) throw blobError("InvalidQueryParameterValue", "marker");
  return name;
}
