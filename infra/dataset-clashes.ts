import { isSameHeader } from "../database/header-spelling";
import { normaliseTableName } from "../functions/src/names";
import { ROW_ID_COLUMN } from "../functions/src/row-json";
import { columnName } from "./column-names";
import { type ConfigMistake, mistake } from "./config-mistake";
import type { DatasetSettings } from "./dataset-schema";

/** Mistakes between datasets, or between the parts of one dataset. Accepts any value. */
export function datasetClashes(datasets: unknown): ConfigMistake[] {
  return [...clashes(datasets), ...unlandedHeaders(datasets), ...reservedNames(datasets)];
}

/** Duplicate names: ids, tables, and in a dataset the headers that become the same column. */
function clashes(datasets: unknown): ConfigMistake[] {
  const rows = rawDatasets(datasets);
  return [
    ...duplicates(
      rows.map(({ id }) => id),
      (id) => id,
      (i) => ["datasets", i, "id"],
      "id",
    ),
    ...duplicates(
      rows.map(({ table }) => table),
      normaliseTableName,
      (i) => ["datasets", i, "table"],
      "table",
    ),
    ...rows.flatMap((row, i) => {
      const { keys, types, columns, excluded } = headersOf(row, i);
      const nameOf = (header: string) => columnName(header, columns);
      // To SQL Server a header is the same with and without blanks at its end.
      const trimmed = (header: string) => header.replace(/ +$/, "");
      const named = Object.keys(columns);
      return [
        ...duplicates(keys, nameOf, (k) => ["datasets", i, "keyColumns", k], "column"),
        ...duplicates(types, nameOf, () => ["datasets", i, "types"], "column"),
        ...duplicates(named, trimmed, (k) => ["datasets", i, "columns", named[k] ?? k], "header"),
        ...duplicates(named, nameOf, (k) => ["datasets", i, "columns", named[k] ?? k], "name"),
        ...duplicates(excluded, trimmed, (k) => ["datasets", i, "exclude", k], "header"),
      ];
    }),
  ];
}

/** Headers that are excluded but also named, a key or typed; and those of keys and types that `columns` spells in another way. */
function unlandedHeaders(datasets: unknown): ConfigMistake[] {
  return rawDatasets(datasets).flatMap((row, i) => {
    const { columns, excluded, declared } = headersOf(row, i);
    const isIn = (headers: readonly unknown[], header: unknown) =>
      headers.find(
        (one) => typeof one === "string" && typeof header === "string" && isSameHeader(one, header),
      );
    return [
      ...excluded.flatMap((header, k) =>
        isIn(Object.keys(columns), header) === undefined
          ? []
          : [mistake(["datasets", i, "exclude", k], "expects a header that columns does not name")],
      ),
      ...declared.flatMap(([path, header]) => {
        if (isIn(excluded, header) !== undefined)
          return [mistake(path, "expects a header that is not excluded")];
        const named = isIn(Object.keys(columns), header);
        if (named === undefined || Object.hasOwn(columns, String(header))) return [];
        return [mistake(path, `expects the header as columns has it, "${String(named)}"`)];
      }),
    ];
  });
}

/** The columns that every landed table has in addition to the dataset's. */
const OWN_COLUMNS = new Set(["_row_id", "_k8", "_key_hash", "_row_hash", "_version", "_deleted"]);

/** Headers that would become one of our columns or of Fivetran's. A load would fail on them, so the configuration is refused. */
function reservedNames(datasets: unknown): ConfigMistake[] {
  return rawDatasets(datasets).flatMap((row, i) => {
    const { keys, columns, declared } = headersOf(row, i);
    // zod leaves this member out of a record without a word.
    const unseen = Object.hasOwn(columns, "__proto__")
      ? [
          mistake(
            ["datasets", i, "columns", "__proto__"],
            "expects another header; this one cannot have a name",
          ),
        ]
      : [];
    const found = declared.flatMap(([path, header]) => {
      if (typeof header !== "string") return [];
      if (header === "__proto__" && path[2] === "types")
        return [mistake(path, "expects another header; this one cannot have a type")];
      const name = columnName(header, columns);
      const isRowId = name === ROW_ID_COLUMN && keys.length === 0;
      if (!OWN_COLUMNS.has(name) && !name.startsWith("_fivetran") && !isRowId) return [];
      return [mistake(path, `expects another header; "${header}" would become ${name}, which is reserved`)];
    });
    return [...unseen, ...found];
  });
}

/** The entries, with {} for any that is not an object; the schema reports those. */
export function rawDatasets(datasets: unknown): RawDataset[] {
  if (!Array.isArray(datasets)) return [];
  return datasets.map((entry) => (typeof entry === "object" && entry !== null ? entry : {}) as RawDataset);
}

/** The headers of a dataset by what is said of them, as far as they are well-formed; `declared` are keys and types with their places. */
function headersOf({ keyColumns, types, columns, exclude }: RawDataset, index: number) {
  const members = (value: unknown) => (typeof value === "object" && value !== null ? value : {});
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const [keys, typed] = [list(keyColumns), Object.keys(members(types))];
  const names = Object.entries(members(columns)).filter(([, name]) => typeof name === "string");
  return {
    keys,
    types: typed,
    columns: Object.fromEntries(names) as DatasetSettings["columns"],
    excluded: list(exclude),
    declared: [
      ...keys.map((header, k) => [["datasets", index, "keyColumns", k], header] as const),
      ...typed.map((header) => [["datasets", index, "types", header], header] as const),
    ],
  };
}

type RawDataset = { readonly [Setting in keyof DatasetSettings]?: unknown };

function duplicates(
  names: readonly unknown[],
  normalise: (name: string) => string,
  pathAt: (index: number) => readonly PropertyKey[],
  what: string,
): ConfigMistake[] {
  const seen = new Map<string, string>();
  return names.flatMap((name, index) => {
    if (typeof name !== "string") return [];
    const normal = normalise(name);
    const other = seen.get(normal);
    if (other === undefined) {
      seen.set(normal, name);
      return [];
    }
    const why = other === name ? `"${name}" is already used` : `"${other}" and "${name}" are both ${normal}`;
    return [mistake(pathAt(index), `expects a unique ${what}; ${why}`)];
  });
}
