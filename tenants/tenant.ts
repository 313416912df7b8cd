import { join } from "node:path";
import { isScalar } from "yaml";
import {
  type ConfigMistake,
  checkTenantConfig,
  type FlatConfig,
  NAMESPACE,
  ownNameMistakes,
  SECRET_KEY,
  SQL_ADMIN_KEY,
} from "../infra/config-check";
import { commonMistakes, commonSettings, throughText, withNamespace } from "./common-settings";
import { existingTenantFile, PROJECT_FILE, tenantFile } from "./tenant-files";
import { ValuePlaces } from "./value-places";
import { type Place, type PlacedMistake, readYaml, type YamlSource } from "./yaml-source";

/** A tenant's configuration: its own file over the common settings, merged as Pulumi does it. */
export interface Tenant {
  readonly name: string;
  /** Values by full key, structured ones as data; an encrypted value is `HIDDEN`. */
  readonly settings: ReadonlyMap<string, unknown>;
  /** The same, from the tenant's own file only. */
  readonly own: ReadonlyMap<string, unknown>;
  readonly places: ValuePlaces;
  /** Where a missing setting is reported. */
  readonly end: Place;
  /** True if the file has the API client's secret, encrypted. */
  readonly hasSecret: boolean;
  /** The place of the line which says that a passphrase encrypts the stack's secrets. */
  readonly passphrase: Place | undefined;
  /** What encrypts the stack's secrets, where the file says it. */
  readonly secretsProvider: (Place & { readonly provider: string }) | undefined;
  /** True if more settings come from a Pulumi ESC environment, which is not read here. */
  readonly importsEnvironment: boolean;
  /** Mistakes in the files themselves: what is not YAML, and what Pulumi would not read. */
  readonly fileMistakes: readonly PlacedMistake[];
  /** True if the files could be read to the end. */
  readonly isReadable: boolean;
}

/** The top-level keys of a stack file. */
const fileKeys = ["config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"];

/**
 * Reads `Pulumi.<name>.yaml` and the common settings in `Pulumi.yaml`.
 * @throws QtError QT9017 if the tenant has no file.
 */
export function readTenant(root: string, name: string): Tenant {
  const source = readYaml(existingTenantFile(root, name));
  const project = readYaml(join(root, PROJECT_FILE));
  const top = source.pairs(source.contents);
  const config = top.find(({ key }) => key === "config")?.pair;
  const places = new ValuePlaces();
  const settings = new Map<string, unknown>();
  const mistakes: PlacedMistake[] = [];

  for (const { key, pair } of top) {
    if (fileKeys.includes(key)) continue;
    const message = "is not part of a stack file; check its spelling";
    mistakes.push({
      ...source.placeOf(pair.key),
      key,
      message,
      fix: `Known keys: ${fileKeys.join(", ")}.`,
    });
  }
  for (const { key, pair } of source.pairs(config?.value)) {
    const full = withNamespace(key, NAMESPACE);
    settings.set(full, places.take(source, [full], pair.value, pair.key));
    if (full === key) continue;
    const message = "is missing its namespace";
    mistakes.push({ ...source.placeOf(pair.key), key, message, fix: `Write ${full}.` });
  }
  const own = new Map(settings);
  const provider = top.find(({ key }) => key === "secretsprovider")?.pair;
  const salt = top.find(({ key }) => key === "encryptionsalt")?.pair;
  addCommon(project, settings, places);
  const isReadable = source.isReadable && project.isReadable;
  return {
    name,
    settings,
    own,
    places,
    end: config ? source.placeOf(config.key) : { file: tenantFile(name), line: 1, column: 1 },
    hasSecret: places.isSecret([SECRET_KEY]),
    passphrase: salt && source.placeOf(salt.key),
    secretsProvider: provider && {
      ...source.placeOf(provider.key),
      provider: textOf(source.resolve(provider.value)),
    },
    importsEnvironment: top.some(({ key }) => key === "environment"),
    fileMistakes: [
      ...source.errors,
      ...project.errors,
      // After a break in the YAML, the places of other mistakes cannot be trusted.
      ...(isReadable ? [...mistakes, ...commonMistakes(project, NAMESPACE), ...places.mistakes] : []),
    ],
    isReadable,
  };
}

function textOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : "";
}

/** Adds the common settings that the tenant does not set itself. */
function addCommon(project: YamlSource, settings: Map<string, unknown>, places: ValuePlaces): void {
  for (const { path, value, key } of commonSettings(project, NAMESPACE)) {
    if (places.has(path)) continue;
    const plain = places.take(project, path, value, key);
    const [head, ...rest] = path;
    if (rest.length === 0) settings.set(head, plain);
    else settings.set(head, withPart(settings.get(head), rest, throughText(plain)));
  }
}

/** The common settings alone: those of a tenant without its own. */
export function commonValues(root: string): Map<string, unknown> {
  const settings = new Map<string, unknown>();
  addCommon(readYaml(join(root, PROJECT_FILE)), settings, new ValuePlaces());
  return settings;
}

/** True for a setting that is missing and that the emulator gives: the API client's secret, and the administrator of the database. */
export function isGivenByEmulator(tenant: Pick<Tenant, "settings">, { path: [key] }: ConfigMistake): boolean {
  return [SECRET_KEY, SQL_ADMIN_KEY].includes(key) && !tenant.settings.has(key);
}

/** Mistakes in the settings that are known here. The program checks encrypted settings, and those from an environment, when it runs. */
export function settingMistakes(tenant: Tenant): ConfigMistake[] {
  const { places, importsEnvironment } = tenant;
  const values = flatConfig(tenant);
  const found = [...checkTenantConfig(values).mistakes, ...ownNameMistakes(values, tenant.name)];
  return found.filter(
    ({ path }) => !places.isSecret(path) && !(importsEnvironment && !places.has([path[0]])),
  );
}

/** The configuration as Pulumi passes it to the program: structured values are JSON text. */
export function flatConfig({ settings }: Pick<Tenant, "settings">): FlatConfig {
  const set = [...settings].filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    // Pulumi reads an empty value as empty text.
    set.map(([key, value]) => [
      key,
      typeof value === "string" ? value : value === null ? "" : JSON.stringify(value),
    ]),
  );
}

/** A copy of the value with one part set. Missing containers on the way are created; text on the way is left as it is. */
export function withPart(value: unknown, [part, ...rest]: readonly PropertyKey[], leaf: unknown): unknown {
  if (part === undefined) return leaf;
  if (Array.isArray(value) && typeof part === "number") {
    return Object.assign([...value], { [part]: withPart(value[part], rest, leaf) });
  }
  if (value === undefined || value === null) value = typeof part === "number" ? [] : {};
  if (typeof value !== "object" || value === null) return value;
  const before = Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  const changed = { [part]: withPart(before, rest, leaf) };
  return Array.isArray(value) ? Object.assign([...value], changed) : { ...value, ...changed };
}
