import { refusedNames } from "../infra/azure-names";
import {
  type ConfigPath,
  configKey,
  keyWithDataset,
  NAMESPACE,
  namesOf,
  SECRET_KEY,
} from "../infra/config-check";
import { isEmulatorOnly } from "./emulator-only";
import { fixOf } from "./fix";
import { jobQuotaMistakes } from "./job-quotas";
import { plainSecrets } from "./plain-secrets";
import { isVersionless, keysInUse } from "./secrets-provider";
import { stackName } from "./stack-name";
import { flatConfig, isGivenByEmulator, readTenant, settingMistakes, type Tenant } from "./tenant";
import { namesakes, PROJECT_FILE, strayNames, tenantFile } from "./tenant-files";
import type { PlacedMistake } from "./yaml-source";

/** The namespaces that this project reads. */
const namespaces = ["quantemplate", "azure-native", "random", "pulumi"];

/**
 * Every mistake in a tenant's file and in the common settings, in the order of the files. Only warnings: a secret that is not
 * there yet, a passphrase if other tenants have a key, and more waiting jobs than Automation's quota.
 * @param keys The keys in use in the project, read once for many tenants.
 * @throws QtError QT9017 if the tenant has no file.
 */
export function checkTenant(root: string, name: string, keys = keysInUse(root)): PlacedMistake[] {
  const tenant = readTenant(root, name);
  // After a break in the YAML, everything behind it would seem to be missing.
  const found = tenant.isReadable
    ? [
        ...placedMistakes(tenant),
        ...strayMistakes(tenant),
        ...passphraseMistakes(tenant, keys),
        ...versionlessMistakes(tenant),
        ...jobQuotaMistakes(tenant),
        ...refusedNameMistakes(tenant),
        ...sameNameMistakes(tenant),
      ]
    : [];
  return [...namesakeMistakes(root, name), ...tenant.fileMistakes, ...found].sort(
    (a, b) => b.file.length - a.file.length || a.line - b.line || a.column - b.column,
  );
}

const emptyFix = "Write a value, or remove the key: Pulumi reads a key without a value as empty text.";

function placedMistakes(tenant: Tenant): PlacedMistake[] {
  const { places, settings } = tenant;
  const isGiven = isEmulatorOnly(tenant);
  return settingMistakes(tenant)
    .filter((mistake) => !places.isMisread(mistake.path) && !(isGiven && isGivenByEmulator(tenant, mistake)))
    .map((mistake) => ({
      ...(places.nearest(mistake.path) ?? tenant.end),
      key: configKey(mistake.path),
      ...(mistake.dataset === undefined ? {} : { dataset: mistake.dataset }),
      message: mistake.message,
      fix:
        settings.get(mistake.path[0]) === null
          ? emptyFix
          : fixOf(
              mistake,
              tenant.name,
              places.has(mistake.path) ? valueAt(settings, mistake.path) : undefined,
            ),
      // A new tenant may get its secret later, and the emulator has its own.
      ...(mistake.path[0] === SECRET_KEY ? { isWarning: true as const } : {}),
    }));
}

/** The value at the path; null if JSON text holds it. */
function valueAt(settings: Tenant["settings"], [key, ...rest]: ConfigPath): unknown {
  const within = (value: unknown, part: PropertyKey) =>
    (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[part];
  return rest.reduce(within, settings.get(key)) ?? null;
}

/** Mistakes in what the program does not look at: secrets in plain text, and namespaces that nothing reads. */
function strayMistakes(tenant: Tenant): PlacedMistake[] {
  const { settings, places, end, hasSecret } = tenant;
  const found = plainSecrets(settings).map((path) => plainSecretMistake(tenant, path));
  // The client secret counts whatever its value looks like.
  if (settings.get(SECRET_KEY) && !hasSecret && found.every(({ key }) => key !== SECRET_KEY)) {
    found.push(plainSecretMistake(tenant, [SECRET_KEY]));
  }
  for (const key of settings.keys()) {
    if (namespaces.includes(key.split(":")[0] ?? "")) continue;
    const message = "is in a namespace that nothing here reads";
    const fix = `Known namespaces: ${namespaces.join(", ")}.`;
    found.push({ ...(places.nearest([key]) ?? end), key, message, fix });
  }
  return found;
}

function plainSecretMistake({ name, places, end }: Tenant, path: ConfigPath): PlacedMistake {
  const place = places.nearest(path) ?? end;
  const key = configKey(path);
  const issue = key === SECRET_KEY ? "Have Quantemplate issue another secret" : "Have another one issued";
  // A common setting gets one fix for all tenants.
  const isCommon = place.file === PROJECT_FILE;
  const steps = isCommon ? ", remove it here, and run for each tenant" : ", and run";
  const [flag, quoted] = path.length > 1 ? [" --path", `'${key}'`] : ["", key];
  const fix = `${issue}${steps}: pulumi config set${flag} --secret ${quoted} -s ${isCommon ? stackName("<tenant>") : stackName(name)}`;
  return { ...place, key, message: "is in plain text here", fix };
}

/** Names that Azure would refuse when half of the tenant is deployed. */
function refusedNameMistakes({ name, settings }: Tenant): PlacedMistake[] {
  const { location, names: patterns } = namesOf(flatConfig({ settings }));
  const names = refusedNames(name, location, patterns);
  if (names.length === 0) return [];
  const message = `makes names that Azure refuses (${names.join(", ")}): they may contain neither microsoft nor windows, with or without hyphens`;
  return [{ ...startOf(name), message, fix: renameFix(name) }];
}

/** A pattern for every tenant that would name something of all of them alike. */
function sameNameMistakes({ settings, places }: Tenant): PlacedMistake[] {
  const { names } = namesOf(flatConfig({ settings }));
  return Object.entries(names).flatMap(([kind, pattern]) => {
    const path: ConfigPath = [`${NAMESPACE}:names`, kind];
    const place = places.nearest(path);
    if (place?.file !== PROJECT_FILE || pattern === undefined || /\{(tenant|suffix)\}/.test(pattern))
      return [];
    const message = "gives every tenant the same name";
    return [{ ...place, key: configKey(path), message, fix: "Write {tenant} or {suffix} into it." }];
  });
}

/** A pipeline that decrypts the other tenants' secrets with its identity has no passphrase. */
function passphraseMistakes(
  { name, passphrase }: Tenant,
  keys: ReadonlyMap<string, readonly string[]>,
): PlacedMistake[] {
  const [[key, tenants] = []] = [...keys];
  if (passphrase === undefined || key === undefined || tenants === undefined) return [];
  const others = tenants.length > 3 ? `${tenants.slice(0, 2).join(", ")} and others` : tenants.join(", ");
  return [
    {
      ...passphrase,
      key: "encryptionsalt",
      message: `says that a passphrase encrypts the secrets, but ${others} ${tenants.length > 1 ? "have" : "has"} a key that needs no passphrase`,
      fix: `Run: pulumi stack change-secrets-provider "${key}" -s ${stackName(name)}`,
      isWarning: true,
    },
  ];
}

/** A key may rotate by a policy of the organisation; then no stack can be decrypted any more. */
function versionlessMistakes({ name, secretsProvider: found }: Tenant): PlacedMistake[] {
  if (found === undefined || !isVersionless(found.provider)) return [];
  const { provider, ...place } = found;
  return [
    {
      ...place,
      key: "secretsprovider",
      message: "names a key without its version: once the key rotates, nothing decrypts the stack's secrets",
      fix: `Run, with its present version: npm run tenant -- rotate-key ${provider}/<version> --tenant ${name}`,
      isWarning: true,
    },
  ];
}

function namesakeMistakes(root: string, name: string): PlacedMistake[] {
  const [other] = namesakes(root, name);
  if (other === undefined) return [];
  const message = `differs from ${tenantFile(other)} in capitals only: on macOS and Windows they are one file`;
  return [{ ...startOf(name), message, fix: renameFix(name) }];
}

/** A mistake for each stack file that every command ignores. */
export function checkStrayFiles(root: string): { tenant: string; mistakes: PlacedMistake[] }[] {
  const message =
    "is ignored by every command: a tenant's name consists of letters, digits, hyphens and underscores, and begins with a letter or digit";
  return strayNames(root).map((name) => ({
    tenant: name,
    mistakes: [{ ...startOf(name), message, fix: renameFix(name) }],
  }));
}

const startOf = (name: string) => ({ file: tenantFile(name), line: 1, column: 1 });

const renameFix = (name: string) =>
  `Rename the stack, and its file with it: pulumi stack rename <name> -s ${stackName(name)}. If there is no such stack, rename the file.`;

/** A mistake on one line, in the form that compilers use. */
export function mistakeLine({
  file,
  line,
  column,
  key,
  dataset,
  message,
  fix,
  isWarning,
}: PlacedMistake): string {
  const named = key === undefined ? "" : `${keyWithDataset(key, dataset)} `;
  const subject = `${isWarning ? "warning: " : ""}${named}`;
  return `${file}:${line}:${column} ${subject}${message}. ${fix}`;
}
