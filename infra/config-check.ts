import type * as z from "zod";
import { isSameHeader } from "../database/header-spelling";
import { QtError } from "../errors/qt-error";
import { normaliseTableName } from "../functions/src/names";
import { ROW_ID_COLUMN } from "../functions/src/row-json";
import { isJsonObject } from "../packages/kit/json-object";
import { columnName } from "./column-names";
import { locationSchema, type TenantSettings, tenantSchema } from "./config-schema";
import { type DatasetSettings, datasetSchema } from "./dataset-schema";
import { takesText } from "./schema-walk";

export const NAMESPACE = "quantemplate";
export const CLIENT_SECRET = "clientSecret";
export const LOCATION_KEY = "azure-native:location";
export const SECRET_KEY = `${NAMESPACE}:${CLIENT_SECRET}`;
export const DATASETS_KEY = `${NAMESPACE}:datasets`;

/** Flat configuration as Pulumi passes it to a program: structured values are JSON text. */
export type FlatConfig = Readonly<Record<string, string>>;

/** A place in the configuration: the full key, then the path inside its value. */
export type ConfigPath = readonly [string, ...PropertyKey[]];

export interface ConfigMistake {
  readonly path: ConfigPath;
  /** `expects …`, or that it is not a setting. */
  readonly message: string;
  /** The id of the dataset with the mistake; undefined if the mistake is in the id itself. */
  readonly dataset?: string;
}

/** A tenant's settings without the secret. */
export type LocatedSettings = TenantSettings & { readonly location: string };

export interface CheckedConfig {
  /** The settings with their defaults, if their values are valid; a missing secret does not matter. */
  readonly settings?: LocatedSettings;
  readonly mistakes: readonly ConfigMistake[];
}

/** Finds every mistake at once. */
export function checkTenantConfig(values: FlatConfig): CheckedConfig {
  const raw = rawSettings(values);
  const location = locationSchema.safeParse(values[LOCATION_KEY]);
  const parsed = tenantSchema.safeParse(raw);
  const settingMistakes = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap(describe)),
    // The checks across datasets read whatever is well-formed, so that clashes are reported with all other mistakes.
    ...datasetClashes(raw.datasets),
    // zod leaves this member out of a record without a word.
    ...(isJsonObject(raw.tags) && Object.hasOwn(raw.tags, "__proto__")
      ? [mistake(["tags", "__proto__"], "expects another name; this one cannot be a tag's")]
      : []),
    ...(raw.budget !== undefined && raw.alertEmail === undefined
      ? [mistake(["alertEmail"], "expects a mail address, because a budget sends mail")]
      : []),
  ];
  const mistakes: ConfigMistake[] = [
    ...(location.success ? [] : location.error.issues).map(({ message }) => ({
      path: [LOCATION_KEY] as const,
      message: `expects ${message}`,
    })),
    ...(values[SECRET_KEY]
      ? []
      : [mistake([CLIENT_SECRET], "expects the API client's secret, set with --secret")]),
    ...settingMistakes.map((found) => withDataset(found, raw.datasets)),
  ];
  if (!parsed.success || !location.success || settingMistakes.length > 0) return { mistakes };
  return { settings: { ...parsed.data, location: location.data }, mistakes };
}

/**
 * Parses a configuration that must have no mistakes.
 * @throws QtError QT1001
 */
export function parseTenantConfig(values: FlatConfig, stack: string): LocatedSettings {
  const { settings, mistakes } = checkTenantConfig(values);
  if (settings === undefined || mistakes.length > 0) throw configError(stack, mistakes);
  return settings;
}

/** QT1001 with these mistakes. */
export function configError(stack: string, mistakes: readonly ConfigMistake[]): QtError {
  return new QtError("QT1001", { stack, count: mistakes.length, mistakes: mistakeList(mistakes) });
}

/** One line for each mistake, as errors list them. */
export function mistakeList(mistakes: readonly ConfigMistake[]): string {
  return mistakes
    .map(({ path, dataset, message }) => `  - ${keyWithDataset(configKey(path), dataset)}: ${message}`)
    .join("\n");
}

/** For example `quantemplate:datasets[0].table (dataset d-1)`. */
export function keyWithDataset(key: string, dataset: string | undefined): string {
  return dataset === undefined ? key : `${key} (dataset ${dataset})`;
}

/** The settings one by one: a valid one with its defaults, any other (it may be encrypted) unchanged. */
export function lenientSettings(values: FlatConfig): Readonly<Record<string, unknown>> {
  const raw = rawSettings(values);
  const entries = Object.entries(tenantSchema.shape).map(([name, schema]) => {
    const parsed = schema.safeParse(raw[name]);
    return [name, parsed.success ? parsed.data : raw[name]] as const;
  });
  return { location: values[LOCATION_KEY], ...Object.fromEntries(entries) };
}

/** The settings of our namespace, structured values parsed; text that is not JSON stays text, for the schema to refuse. */
function rawSettings(values: FlatConfig): Record<string, unknown> {
  const entries = Object.entries(values)
    .filter(([key]) => key.startsWith(`${NAMESPACE}:`) && key !== SECRET_KEY)
    .map(([key, value]) => {
      const name = key.slice(NAMESPACE.length + 1);
      const parsed = parseJson(value);
      // If text is expected, the schema refuses a list or an object.
      return [name, isText(name) && !isStructured(parsed) ? value : parsed] as const;
    });
  return Object.fromEntries(entries);
}

function isStructured(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

const settings = new Map(Object.entries(tenantSchema.shape));

/** True if the schema expects text or does not know the setting: then `123` is an id, not a number. */
function isText(name: string): boolean {
  const schema = settings.get(name);
  return schema === undefined || takesText(schema);
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function describe(issue: z.core.$ZodIssue): ConfigMistake[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => mistake([...issue.path, key], "is not a setting; check its spelling"));
  }
  return [mistake(issue.path, `expects ${issue.message}`)];
}

function mistake([setting, ...rest]: readonly PropertyKey[], message: string): ConfigMistake {
  return { path: [`${NAMESPACE}:${String(setting ?? "")}`, ...rest], message };
}

/** For example `quantemplate:datasets[0].table`, as `pulumi config set --path` takes it. */
export function configKey([key, ...rest]: ConfigPath): string {
  const tail = rest.map((part) =>
    typeof part === "number"
      ? `[${part}]`
      : /^\w+$/.test(String(part))
        ? `.${String(part)}`
        : `["${String(part)}"]`,
  );
  return `${key}${tail.join("")}`;
}

function withDataset(found: ConfigMistake, datasets: unknown): ConfigMistake {
  const [key, index, part] = found.path;
  if (key !== DATASETS_KEY || typeof index !== "number" || part === "id") return found;
  const { success, data } = datasetSchema.shape.id.safeParse(rawDatasets(datasets)[index]?.id);
  return success ? { ...found, dataset: data } : found;
}

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
      const { keys, types, columns, excluded } = headersOf(row);
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
    const { keys, types, columns, excluded } = headersOf(row);
    const isIn = (headers: readonly unknown[], header: unknown) =>
      headers.find(
        (one) => typeof one === "string" && typeof header === "string" && isSameHeader(one, header),
      );
    const places = [
      ...keys.map((header, k) => [["datasets", i, "keyColumns", k], header] as const),
      ...types.map((header) => [["datasets", i, "types", header], header] as const),
    ];
    return [
      ...excluded.flatMap((header, k) =>
        isIn(Object.keys(columns), header) === undefined
          ? []
          : [mistake(["datasets", i, "exclude", k], "expects a header that columns does not name")],
      ),
      ...places.flatMap(([path, header]) => {
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
    const { keys, types, columns } = headersOf(row);
    const places = [
      ...keys.map((header, k) => [["datasets", i, "keyColumns", k], header] as const),
      ...types.map((header) => [["datasets", i, "types", header], header] as const),
    ];
    // zod leaves this member out of a record without a word.
    const unseen = Object.hasOwn(columns, "__proto__")
      ? [
          mistake(
            ["datasets", i, "columns", "__proto__"],
            "expects another header; this one cannot have a name",
          ),
        ]
      : [];
    const found = places.flatMap(([path, header]) => {
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
function rawDatasets(datasets: unknown): RawDataset[] {
  if (!Array.isArray(datasets)) return [];
  return datasets.map((entry) => (typeof entry === "object" && entry !== null ? entry : {}) as RawDataset);
}

/** The headers of a dataset by what is said of them, as far as they are well-formed. */
function headersOf({ keyColumns, types, columns, exclude }: RawDataset) {
  const members = (value: unknown) => (typeof value === "object" && value !== null ? value : {});
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const names = Object.entries(members(columns)).filter(([, name]) => typeof name === "string");
  return {
    keys: list(keyColumns),
    types: Object.keys(members(types)),
    columns: Object.fromEntries(names) as DatasetSettings["columns"],
    excluded: list(exclude),
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
