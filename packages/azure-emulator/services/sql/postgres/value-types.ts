import type { CustomTypesConfig } from "pg";

/** Type ids of PostgreSQL's catalogue, which never change. */
export const typeId = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  json: 114,
  float4: 700,
  float8: 701,
  varchar: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  refcursor: 1790,
  numeric: 1700,
  void: 2278,
  record: 2249,
  uuid: 2950,
  jsonb: 3802,
} as const;

/** `2026-11-21 09:35:00.123+00` (TimeZone UTC) as `2026-11-21T09:35:00.123Z`. */
export function isoTimestamp(text: string): string {
  return text.replace(" ", "T").replace(/\+00$/, "Z");
}

const asText = (text: string): string => text;

/** A whole number is a number if JavaScript holds it exactly, else its digits. */
function integer(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [typeId.bool]: (text) => text === "t",
  [typeId.int2]: Number,
  [typeId.int4]: Number,
  [typeId.int8]: integer,
  [typeId.float4]: Number,
  [typeId.float8]: Number,
  [typeId.json]: (text) => JSON.parse(text),
  [typeId.jsonb]: (text) => JSON.parse(text),
  [typeId.timestamptz]: isoTimestamp,
};

/** Converts the values of the deployer's queries to JSON: nothing is rounded and no time is moved to the machine's zone. */
export const catalogTypes: CustomTypesConfig = {
  getTypeParser: (oid: number) => parsers[oid] ?? asText,
} as CustomTypesConfig;
