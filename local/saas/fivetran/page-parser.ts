import { normaliseName, normaliseTableName } from "../../../functions/src/names";
import { isJsonObject } from "../../../packages/kit/json-object";
import { JsonScanner, type JsonSlice, JsonSyntaxError } from "./json-scanner";
import type { DataPage, ErrorPage, PageTable } from "./page";
import { violation } from "./protocol-rules";
import { RowReader } from "./row-reader";

/** Primary keys that earlier pages declared, by table. */
export type KnownKeys = ReadonlyMap<string, readonly string[]>;

type Sections = ReadonlyMap<string, JsonSlice>;

/**
 * Parses the body of an answer strictly. Numbers keep their text.
 * @throws QtError QT8505, which cites the rule that the answer breaks.
 */
export function parsePage(text: string, known: KnownKeys = new Map()): DataPage | ErrorPage {
  try {
    const sections = topLevel(text);
    return errorPage(text, sections) ?? dataPage(text, sections, known);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw violation("json", error.message);
    throw error;
  }
}

/** True for an answer that reports an error. */
export function isErrorPage(page: DataPage | ErrorPage): page is ErrorPage {
  return "errorMessage" in page;
}

function topLevel(text: string): Sections {
  const scanner = new JsonScanner(text);
  if (scanner.peek() !== "{") throw violation("json", "the body is not an object");
  const sections = new Map<string, JsonSlice>();
  scanner.object((name) => void sections.set(name, scanner.value()));
  scanner.end();
  return sections;
}

function errorPage(text: string, sections: Sections): ErrorPage | undefined {
  const message = member(text, sections, "errorMessage");
  const type = member(text, sections, "errorType");
  const stack = member(text, sections, "stackTrace");
  if (message === undefined) {
    if (type !== undefined || stack !== undefined) throw violation("errors", "there is no errorMessage");
    return undefined;
  }
  if (typeof message !== "string") throw violation("errors", "errorMessage is not a string");
  const stackTrace = stack === undefined || typeof stack === "string" ? stack : JSON.stringify(stack);
  return { errorMessage: message, errorType: type === undefined ? undefined : String(type), stackTrace };
}

function dataPage(text: string, sections: Sections, known: KnownKeys): DataPage {
  const state = sections.get("state");
  if (state?.kind !== "object")
    throw violation("state", state === undefined ? "there is no state" : "state is not an object");
  const hasMore = member(text, sections, "hasMore");
  if (typeof hasMore !== "boolean")
    throw violation("hasMore", `hasMore is ${hasMore === undefined ? "missing" : "not a boolean"}`);
  const keys = primaryKeys(member(text, sections, "schema"));
  checkKeys(keys, known);
  const softDelete = softDeleted(member(text, sections, "softDelete"));
  const inserts = readSection(text, sections, "insert", keys, known);
  const deletes = readSection(text, sections, "delete", keys, known);
  if (sections.has("delete") && !sections.has("schema"))
    throw violation("deleteNeedsSchema", "there is no schema");
  const names = new Set([...keys.keys(), ...inserts.keys(), ...deletes.keys(), ...softDelete]);
  checkNames("tables", [...names], normaliseTableName);
  const tables = [...names].map((name): PageTable => {
    const table = {
      name,
      primaryKey: keys.get(name),
      inserts: inserts.get(name)?.rows ?? [],
      deletes: deletes.get(name)?.rows ?? [],
      softDelete: softDelete.has(name),
      columns: inserts.get(name)?.columns ?? new Map(),
    };
    checkNames(`columns of ${name}`, [...table.columns.keys()], normaliseName);
    checkOneOperation(table);
    return table;
  });
  return { state: text.slice(state.start, state.end), hasMore, tables };
}

/** A small top-level member, as a JavaScript value. */
function member(text: string, sections: Sections, name: string): unknown {
  const slice = sections.get(name);
  return slice === undefined ? undefined : JSON.parse(text.slice(slice.start, slice.end));
}

function primaryKeys(schema: unknown): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  if (schema === undefined) return keys;
  if (!isJsonObject(schema)) throw violation("schema", "schema is not an object");
  for (const [table, entry] of Object.entries(schema)) {
    const key = isJsonObject(entry) ? entry.primary_key : undefined;
    if (!Array.isArray(key) || key.length === 0 || !key.every((column) => typeof column === "string")) {
      throw violation("schema", `schema.${table}.primary_key is not a list of column names`);
    }
    if (new Set(key).size < key.length)
      throw violation("schema", `schema.${table}.primary_key names a column twice`);
    keys.set(table, key as string[]);
  }
  return keys;
}

function checkKeys(keys: ReadonlyMap<string, readonly string[]>, known: KnownKeys): void {
  for (const [table, key] of keys) {
    const before = known.get(table);
    if (
      before === undefined ||
      (before.length === key.length && before.every((column, index) => key[index] === column))
    )
      continue;
    throw violation(
      "consistentKey",
      `the primary key of ${table} was ${before.join(", ") || "none"} and is ${key.join(", ")}`,
    );
  }
}

function softDeleted(value: unknown): Set<string> {
  if (value === undefined) return new Set();
  if (!Array.isArray(value) || !value.every((table) => typeof table === "string")) {
    throw violation("softDelete", "softDelete is not a list of table names");
  }
  return new Set(value as string[]);
}

function readSection(
  text: string,
  sections: Sections,
  section: "insert" | "delete",
  keys: ReadonlyMap<string, readonly string[]>,
  known: KnownKeys,
): Map<string, RowReader> {
  const readers = new Map<string, RowReader>();
  const slice = sections.get(section);
  if (slice === undefined) return readers;
  if (slice.kind !== "object") throw violation("sections", `${section} is not an object`);
  const scanner = new JsonScanner(text);
  scanner.position = slice.start;
  scanner.object((table) => {
    const key = keys.get(table);
    const before = known.get(table);
    if (key === undefined && before !== undefined && before.length > 0) {
      throw violation(
        "consistentKey",
        `the page has no schema for ${table}, whose primary key is ${before.join(", ")}`,
      );
    }
    if (key === undefined && section === "delete")
      throw violation("deleteNeedsSchema", `there is no schema for ${table}`);
    const reader = new RowReader(scanner, section, table, key ?? []);
    reader.read();
    readers.set(table, reader);
  });
  return readers;
}

function checkOneOperation({ name, inserts, deletes }: PageTable): void {
  if (inserts.length === 0 || deletes.length === 0) return;
  const inserted = new Set(inserts.map(({ key }) => key));
  if (deletes.some(({ key }) => inserted.has(key))) {
    throw violation("oneOperationPerKey", `a primary key of ${name} is in insert and in delete`);
  }
}

function checkNames(what: string, names: readonly string[], normalise: (name: string) => string): void {
  const owners = new Map<string, string>();
  for (const name of names) {
    const first = owners.get(normalise(name));
    if (first !== undefined) throw violation("names", `the ${what} ${first} and ${name}`);
    owners.set(normalise(name), name);
  }
}
