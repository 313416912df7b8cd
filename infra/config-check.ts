import type * as z from "zod";
import { QtError } from "../errors/qt-error";
import { dateMistakes, policyTagMistakes, regionMistakes, tagMistakes } from "./azure-limits";
import { patternMistakes, refusedNames } from "./azure-names";
import { type ConfigMistake, type ConfigPath, mistake, NAMESPACE } from "./config-mistake";
import { locationSchema, type TenantSettings, tenantSchema } from "./config-schema";
import { datasetClashes, rawDatasets } from "./dataset-clashes";
import { datasetSchema } from "./dataset-schema";
import type { NamePatterns } from "./naming";
import { takesText } from "./schema-walk";
import { poolMistakes } from "./sql-schema";

export { type ConfigMistake, type ConfigPath, NAMESPACE } from "./config-mistake";

export const CLIENT_SECRET = "clientSecret";
export const LOCATION_KEY = "azure-native:location";
export const SECRET_KEY = `${NAMESPACE}:${CLIENT_SECRET}`;
export const SQL_ADMIN_KEY = `${NAMESPACE}:sqlAdmin`;
export const EXISTING_KEY = `${NAMESPACE}:existing`;
export const EMULATOR_ONLY_KEY = `${NAMESPACE}:emulatorOnly`;
export const RETIRED_KEY = `${NAMESPACE}:retired`;
export const DATASETS_KEY = `${NAMESPACE}:datasets`;

/** Flat configuration as Pulumi passes it to a program: structured values are JSON text. */
export type FlatConfig = Readonly<Record<string, string>>;

/** A tenant's settings without the secret. */
export type LocatedSettings = TenantSettings & { readonly location: string };

export interface CheckedConfig {
  /** The settings with their defaults, if their values are valid; a missing secret does not matter. */
  readonly settings?: LocatedSettings;
  readonly mistakes: readonly ConfigMistake[];
}

/** Finds every mistake at once. */
export function checkTenantConfig(values: FlatConfig, now = new Date()): CheckedConfig {
  const raw = rawSettings(values);
  const location = locationSchema.safeParse(values[LOCATION_KEY]);
  const parsed = tenantSchema.safeParse(raw);
  const settingMistakes = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap(describe)),
    // The checks across datasets read whatever is well-formed, so that clashes are reported with all other mistakes.
    ...datasetClashes(raw.datasets),
    ...tagMistakes(raw.tags),
    ...policyTagMistakes(raw.policyTags, raw.tags),
    ...dateMistakes(raw, now),
    ...poolMistakes(raw),
    ...(location.success ? regionMistakes(raw, location.data) : []),
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
 * @throws QtError QT1001, or QT1002 if Azure refuses the tenant's name
 */
export function parseTenantConfig(values: FlatConfig, stack: string): LocatedSettings {
  const { settings, mistakes } = checkTenantConfig(values);
  const all = [...mistakes, ...ownNameMistakes(values, stack)];
  if (settings === undefined || all.length > 0) throw configError(stack, all);
  const names = refusedNames(stack, settings.location, settings.names);
  if (names.length > 0) throw new QtError("QT1002", { stack, names: names.join(", ") });
  return settings;
}

/** What Azure would refuse of the names that the tenant's patterns make. What is no pattern is the schema's to refuse. */
export function ownNameMistakes(values: FlatConfig, stack: string): ConfigMistake[] {
  const { location, names } = namesOf(values);
  return patternMistakes(stack, location, names);
}

/** The region and the patterns, as far as they are valid. */
export function namesOf(values: FlatConfig): { readonly location: string; readonly names: NamePatterns } {
  const location = locationSchema.safeParse(values[LOCATION_KEY]);
  const names = tenantSchema.shape.names.safeParse(rawSettings(values).names);
  return { location: location.data ?? "westeurope", names: names.data ?? {} };
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
