import { QtError } from "../../errors/qt-error";
import type { JsonObject } from "../../packages/kit/json-object";
import { parseJson } from "./parse-json";
import { isWholeNumber } from "./whole-number";

/** Options that a connection may set through Fivetran's custom payload. */
export interface PageOptions {
  /** Rows of a page, inserts and deletes together. */
  readonly pageRows: number;
  /** Bytes of a page's body (UTF-8). A single larger row is sent alone. */
  readonly pageBytes: number;
  /** Ids of the datasets to send; undefined sends all. */
  readonly datasets: readonly string[] | undefined;
}

/** Fivetran states no limit for Azure; 5 MB stays below the only numbers it gives (6 MB Lambda, 10 MB Google). */
const DEFAULT_PAGE_BYTES = 5_000_000;
const DEFAULT_PAGE_ROWS = 100_000;
/** A page is built in memory; this keeps a mistyped option from filling it. */
export const MAX_PAGE_BYTES = 50_000_000;
const MAX_PAGE_ROWS = 1_000_000;

/**
 * Reads the options; unknown keys are ignored. The connection form sends every value as text, so numbers may be text
 * and `datasets` a comma-separated list.
 * @param pageBytesLimit what the instance's memory allows
 * @throws QtError QT5003, which names the option.
 */
export function parseOptions(customPayload: JsonObject, pageBytesLimit = MAX_PAGE_BYTES): PageOptions {
  return {
    pageRows: positiveInteger(customPayload, "pageRows", DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS),
    pageBytes: positiveInteger(customPayload, "pageBytes", DEFAULT_PAGE_BYTES, pageBytesLimit),
    datasets: idList(customPayload.datasets),
  };
}

function positiveInteger(payload: JsonObject, option: string, fallback: number, max: number): number {
  const value = payload[option];
  if (value === undefined || value === null || value === "") return Math.min(fallback, max);
  const number = typeof value === "string" ? Number(value) : value;
  if (!isWholeNumber(number, 1)) {
    throw new QtError("QT5003", { option, reason: "it must be a whole number above 0" });
  }
  return Math.min(number, max);
}

function idList(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const list = typeof value === "string" ? fromText(value) : value;
  if (!Array.isArray(list) || list.length === 0 || !list.every((id) => typeof id === "string" && id !== "")) {
    throw new QtError("QT5003", { option: "datasets", reason: "it must be a list of dataset ids" });
  }
  return [...new Set(list as string[])];
}

function fromText(text: string): unknown {
  return text.trimStart().startsWith("[") ? parseJson(text) : text.split(",").map((id) => id.trim());
}
