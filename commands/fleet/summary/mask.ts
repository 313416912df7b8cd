import { isSecretName } from "../../../infra/secret-names";
import { azureResourceTypes } from "../../../packages/azure-resource-types";
import { ownMember } from "../../../packages/kit/json-object";
import { withoutCredentials } from "./credentials";
import { isObject, type JsonObject, nestedJson, prettyJson } from "./json-value";
import { MASK } from "./model";

/** Pulumi's key that marks a special value, and the value that marks a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Masks the secrets in two states of a resource's properties: a value that is secret in one of them is masked in both. Secrets are
 * values that the engine marked, values with a secret's name (`password: …`, `{name: "DB_PASSWORD", value: …}`), both also in JSON
 * inside texts, and credentials in texts.
 */
export function maskPair(
  type: string,
  before: JsonObject,
  after: JsonObject,
  plaintexts: ReadonlySet<string>,
): [JsonObject, JsonObject] {
  const { secretInputs } = azureResourceTypes.byToken(type) ?? {};
  const mask = new Masking(new Set(secretInputs), plaintexts);
  return mask.objects(before, after, "");
}

/** A text of the engine without credentials. */
export function maskText(text: string, plaintexts: ReadonlySet<string> = new Set()): string {
  let masked = withoutCredentials(text);
  for (const plaintext of plaintexts) masked = masked.replaceAll(plaintext, MASK);
  return masked;
}

/** Secrets in plain text, which `--show-secrets` adds to the marked values. With them, copies elsewhere are found too. */
export function plaintextsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) plaintextsIn(item, found);
  if (!isObject(value)) return found;
  if (isSecret(value)) {
    for (const text of stringsIn(unwrapped(value))) if (text.length >= 6 && text !== MASK) found.add(text);
    return found;
  }
  for (const item of Object.values(value)) plaintextsIn(item, found);
  return found;
}

class Masking {
  constructor(
    private readonly paths: ReadonlySet<string>,
    private readonly plaintexts: ReadonlySet<string>,
  ) {}

  objects(before: JsonObject, after: JsonObject, path: string): [JsonObject, JsonObject] {
    const secretValue = namesSecretValue(before) || namesSecretValue(after);
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const pairs = keys.map((key) => {
      const below = path === "" ? key : `${path}.${key}`;
      const named = isSecretName(key) || this.paths.has(below) || (secretValue && isValue(key));
      return [key, this.values(ownMember(before, key), ownMember(after, key), below, named)] as const;
    });
    const side = (index: 0 | 1) =>
      Object.fromEntries(
        pairs.flatMap(([key, pair]) => (pair[index] === undefined ? [] : [[key, pair[index]]])),
      );
    return [side(0), side(1)];
  }

  private values(before: unknown, after: unknown, path: string, named: boolean): [unknown, unknown] {
    if (isMarked(before) || isMarked(after) || (named && (isFilled(before) || isFilled(after)))) {
      return [hidden(before), hidden(after)];
    }
    // An item may move in its list, so a secret item hides the whole list.
    const lists = Array.isArray(before) || Array.isArray(after);
    if (lists && (holdsSecret(before) || holdsSecret(after))) return [hidden(before), hidden(after)];
    if (isObject(before) && isObject(after)) return this.objects(before, after, path);
    const [old, now] = [nestedJson(before), nestedJson(after)];
    if (old !== undefined && now !== undefined) {
      const [oldMasked, nowMasked] = this.values(old, now, path, false);
      return [this.json(before, old, oldMasked), this.json(after, now, nowMasked)];
    }
    return [this.alone(before, path), this.alone(after, path)];
  }

  private alone(value: unknown, path: string): unknown {
    if (Array.isArray(value)) return value.map((item) => this.alone(item, path));
    if (isObject(value)) return this.objects(value, {}, path)[0];
    const inner = nestedJson(value);
    if (inner !== undefined) return this.json(value, inner, this.values(inner, undefined, path, false)[0]);
    return typeof value === "string" ? maskText(value, this.plaintexts) : value;
  }

  /** The text that held JSON, unchanged if nothing in it is secret. */
  private json(text: unknown, inner: unknown, masked: unknown): string {
    if (masked === MASK) return MASK;
    const same = prettyJson(inner) === prettyJson(masked);
    return maskText(same ? String(text) : JSON.stringify(masked), this.plaintexts);
  }
}

/** True if a name or a type next to the value marks it as secret: `{name: "DB_PASSWORD", value: …}`. */
function namesSecretValue(value: JsonObject): boolean {
  const isName = (key: string) => /^(name|key)$/i.test(key);
  return (
    value.type === "SecureString" ||
    Object.entries(value).some(([key, name]) => isName(key) && typeof name === "string" && isSecretName(name))
  );
}

function isValue(key: string): boolean {
  return key.toLowerCase() === "value";
}

/** False for values that cannot hold a secret: nothing, empty values, booleans. */
function isFilled(value: unknown): boolean {
  if (typeof value === "string" || Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : typeof value === "number";
}

function isSecret(value: unknown): value is JsonObject {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** Marked as the engine's events do it, or already masked as `pulumi preview --json` does. */
function isMarked(value: unknown): boolean {
  return isSecret(value) || value === MASK;
}

/** True if the engine marked the value or one inside it, or if a name marks it. */
export function holdsSecret(value: unknown): boolean {
  if (isMarked(value)) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isObject(value)) return false;
  const secretValue = namesSecretValue(value);
  return (
    value.type === "SecureString" ||
    Object.entries(value).some(
      ([key, item]) =>
        holdsSecret(item) || ((isSecretName(key) || (secretValue && isValue(key))) && isFilled(item)),
    )
  );
}

function hidden(value: unknown): unknown {
  return value === undefined || value === null ? undefined : MASK;
}

function unwrapped(secret: JsonObject): unknown {
  if (typeof secret.plaintext !== "string") return secret.value;
  try {
    return JSON.parse(secret.plaintext);
  } catch {
    return secret.plaintext;
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return isObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}
