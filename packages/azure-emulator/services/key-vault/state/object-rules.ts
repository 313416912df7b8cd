import { badParameter, KeyVaultError } from "../key-vault-error";

/** Bytes of a secret's value. Source: learn.microsoft.com/azure/key-vault/secrets/about-secrets. */
const LARGEST_VALUE = 25 * 1024;
const MOST_TAGS = 15;
const LONGEST_TEXT = 256;

/** Source: learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name. */
export function requireObjectName(name: string): void {
  if (/^[0-9a-z-]{1,127}$/i.test(name)) return;
  throw badParameter(`The request URI contains an invalid name: ${name}`);
}

/** @returns the value. @throws KeyVaultError 400 */
export function secretValue(value: unknown): string {
  if (typeof value !== "string") throw badParameter("Property value is required and must be a string.");
  if (Buffer.byteLength(value) > LARGEST_VALUE) {
    throw badParameter(`Property value exceeds the maximum size of a secret, ${LARGEST_VALUE} bytes.`);
  }
  return value;
}

/** @returns the type of a secret's content, if there is one. @throws KeyVaultError 400 */
export function contentTypeOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && value.length <= LONGEST_TEXT) return value;
  throw badParameter(`Property contentType must be a string of at most ${LONGEST_TEXT} characters.`);
}

/** Source: learn.microsoft.com/azure/key-vault/secrets/about-secrets#secret-tags. @throws KeyVaultError 400 */
export function tagsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined;
  const entries = typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (entries === undefined) throw badParameter("Property tags must be an object.");
  if (entries.length > MOST_TAGS) throw badParameter(`Property tags has more than ${MOST_TAGS} tags.`);
  for (const [name, text] of entries) {
    if (typeof text === "string" && name.length <= LONGEST_TEXT && text.length <= LONGEST_TEXT) continue;
    throw badParameter(`Property tags.${name} must be a string of at most ${LONGEST_TEXT} characters.`);
  }
  return value as Record<string, string>;
}

/** The attributes that a client may set: enabled, nbf, exp. @throws KeyVaultError 400 */
export function attributesOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value))
    throw badParameter("Property attributes must be an object.");
  const { enabled, nbf, exp } = value as Record<string, unknown>;
  if (enabled !== undefined && typeof enabled !== "boolean") {
    throw badParameter("Property attributes.enabled must be true or false.");
  }
  for (const [name, time] of Object.entries({ nbf, exp })) {
    if (time === undefined || time === null || Number.isInteger(time)) continue;
    throw badParameter(`Property attributes.${name} must be a time in seconds since 1970.`);
  }
  if (typeof nbf === "number" && typeof exp === "number" && exp <= nbf) {
    throw badParameter("Property attributes.exp must be after attributes.nbf.");
  }
  return Object.fromEntries(
    Object.entries({ enabled, nbf, exp }).filter(([, given]) => given !== undefined && given !== null),
  );
}

/** A name that is deleted and can be recovered cannot be used again. Source: learn.microsoft.com/azure/key-vault/general/soft-delete-overview. */
export function nameIsTaken(kind: "Secret" | "Key", name: string): KeyVaultError {
  return new KeyVaultError(
    409,
    "Conflict",
    `${kind} ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the ${kind.toLowerCase()} can only be recovered or purged.`,
    "ObjectIsDeletedButRecoverable",
  );
}
