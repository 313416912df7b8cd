import { blobError } from "./blob-error";

type Header = (name: string) => string | undefined;

/** The conditional headers of a request. Times in whole seconds since 1970, as HTTP has them. */
export interface Conditions {
  readonly match: readonly string[] | undefined;
  readonly noneMatch: readonly string[] | undefined;
  readonly modifiedSince: number | undefined;
  readonly unmodifiedSince: number | undefined;
}

interface Versioned {
  readonly etag: string;
  /** In HTTP's date format. */
  readonly lastModified: string;
}

/** @throws blob error InvalidHeaderValue for what is no time */
export function conditionsOf(header: Header): Conditions {
  return {
    match: etags(header("if-match")),
    noneMatch: etags(header("if-none-match")),
    modifiedSince: seconds(header("if-modified-since")),
    unmodifiedSince: seconds(header("if-unmodified-since")),
  };
}

/**
 * The rules for an operation that writes: 412 if a condition is not met; 409 if the blob must not exist but does.
 * Source: learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations.
 */
export function requireForWrite(conditions: Conditions, found: Versioned | undefined): void {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditions;
  if (noneMatch?.includes("*") && found !== undefined) throw blobError("BlobAlreadyExists");
  const met =
    (match === undefined || has(match, found)) &&
    (noneMatch === undefined || !has(noneMatch, found)) &&
    (modifiedSince === undefined || found === undefined || changed(found) > modifiedSince) &&
    (unmodifiedSince === undefined || found === undefined || changed(found) <= unmodifiedSince);
  if (!met) throw blobError("ConditionNotMet");
}

/** The rules for an operation that reads: 304 if it is unchanged, 412 if it is another version than the client wants. Same source. */
export function requireForRead(conditions: Conditions, found: Versioned): void {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditions;
  if (noneMatch?.includes("*")) throw blobError("UnsatisfiableCondition");
  if (match !== undefined && !has(match, found)) throw blobError("ConditionNotMet");
  if (unmodifiedSince !== undefined && changed(found) > unmodifiedSince) throw blobError("ConditionNotMet");
  // HTTP: If-Modified-Since counts only without If-None-Match.
  const unchanged =
    noneMatch === undefined
      ? modifiedSince !== undefined && changed(found) <= modifiedSince
      : has(noneMatch, found);
  if (unchanged) throw blobError("NotModified");
}

function has(wanted: readonly string[], found: Versioned | undefined): boolean {
  return found !== undefined && (wanted.includes("*") || wanted.includes(bare(found.etag)));
}

function changed({ lastModified }: Versioned): number {
  return Math.floor(Date.parse(lastModified) / 1000);
}

function etags(value: string | undefined): string[] | undefined {
  return value?.split(",").map((etag) => bare(etag.trim()));
}

function bare(etag: string): string {
  return etag.replace(/^"(.*)"$/, "$1");
}

function seconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw blobError("InvalidHeaderValue", `'${value}' is no time.`);
  return Math.floor(time / 1000);
}
