import {
  type ConfigPath,
  configError,
  configKey,
  LOCATION_KEY,
  lenientSettings,
  NAMESPACE,
  SECRET_KEY,
} from "../infra/config-check";
import { plainSecrets } from "./plain-secrets";
import { flatConfig, isGivenByEmulator, readTenant, settingMistakes, type Tenant } from "./tenant";
import { tenantFile } from "./tenant-files";
import { HIDDEN } from "./value-places";

/** A setting and its value, which may be the default. */
export interface EffectiveSetting {
  /** The key as `pulumi config set --path` takes it. */
  readonly key: string;
  /** The same key with a dataset's id in place of its number, so that tenants can be compared. */
  readonly name: string;
  /** `set` or `not set` for a secret. */
  readonly value: unknown;
  /** `default`, or the file and line. */
  readonly origin: string;
}

/**
 * The settings that a tenant's program gets, one entry for each value.
 * @throws QtError QT1001 if the configuration has mistakes other than a missing secret, QT9017.
 */
export function effectiveSettings(root: string, name: string): EffectiveSetting[] {
  const tenant = readTenant(root, name);
  // Their values are not shown, or are the emulator's.
  const mistakes = settingMistakes(tenant).filter((mistake) => !isGivenByEmulator(tenant, mistake));
  if (mistakes.length > 0) throw configError(tenant.name, mistakes);
  return settingsOf(tenant);
}

/**
 * The same without checks: a value with a mistake is shown as written.
 * @throws QtError QT9017
 */
export function uncheckedSettings(root: string, name: string): EffectiveSetting[] {
  return settingsOf(readTenant(root, name));
}

function settingsOf(tenant: Tenant): EffectiveSetting[] {
  const { location, ...settings } = lenientSettings(flatConfig(tenant));
  const plain = new Set(plainSecrets(tenant.settings).map(configKey));
  const isSecret = (path: ConfigPath) =>
    tenant.places.isSecret(path) || path.some((_, i) => plain.has(configKey(ancestor(path, i))));
  const named = Object.entries(settings).flatMap(([key, value]) => leaves([`${NAMESPACE}:${key}`], value));
  const all = [...leaves([LOCATION_KEY], location), ...named].map(({ path, value }) => ({
    key: configKey(path),
    name: configKey(byDatasetId(path, settings.datasets)),
    value: isSecret(path) ? "set" : value,
    origin: origin(tenant, path),
  }));
  const secret = {
    key: SECRET_KEY,
    name: SECRET_KEY,
    value: tenant.hasSecret ? "set" : "not set",
    origin: origin(tenant, [SECRET_KEY], tenantFile(tenant.name)),
  };
  return [...all, secret];
}

/** The path's ancestor that many levels up; the path itself for 0. */
function ancestor([key, ...rest]: ConfigPath, levels: number): ConfigPath {
  return [key, ...rest.slice(0, rest.length - levels)];
}

function origin({ places }: Tenant, path: ConfigPath, otherwise = "default"): string {
  const place = places.originOf(path);
  return place ? `${place.file}:${place.line}` : otherwise;
}

interface Leaf {
  readonly path: ConfigPath;
  readonly value: unknown;
}

/** The values that hold no others; a list of plain values counts as one. */
function leaves(path: ConfigPath, value: unknown): Leaf[] {
  if (typeof value !== "object" || value === null) return value === undefined ? [] : [{ path, value }];
  const entries: [PropertyKey, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  const isLeaf = entries.length === 0 || (Array.isArray(value) && typeof value[0] !== "object");
  return isLeaf ? [{ path, value }] : entries.flatMap(([part, inner]) => leaves([...path, part], inner));
}

function byDatasetId(path: ConfigPath, datasets: unknown): ConfigPath {
  const [key, index, ...rest] = path;
  if (key !== `${NAMESPACE}:datasets` || typeof index !== "number" || !Array.isArray(datasets)) return path;
  const { id } = (datasets[index] ?? {}) as { readonly id?: unknown };
  return [key, typeof id === "string" && id !== HIDDEN ? id : index, ...rest];
}
