import { runtime } from "@pulumi/pulumi";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isJsonObject } from "../../kit/json-object";

/** Properties as the engine and a provider exchange them: JSON plus marks for secret and unknown values. */
export type WireProperties = Readonly<Record<string, unknown>>;

/** Placeholder of a value that is known only after its resource is created (previews only). */
export const unknown: string = runtime.unknownValue;

const signature = runtime.specialSigKey;
const secretSignature = runtime.specialSecretSig;
/** Marks an output value (an `Output` together with its dependencies) on the wire. */
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export function isUnknown(value: unknown): boolean {
  return value === unknown;
}

/** True if the value or anything inside it is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isJsonObject(value)) return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}

/** Wraps a value so that the engine keeps it encrypted. */
export function secret(value: unknown): Record<string, unknown> {
  return { [signature]: secretSignature, value: value ?? null };
}

export function isSecret(value: unknown): value is { readonly value: unknown } {
  return isJsonObject(value) && value[signature] === secretSignature;
}

/** True if the value or anything inside it is secret. */
export function containsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(containsSecret);
  return isJsonObject(value) && Object.values(value).some(containsSecret);
}

/** Removes the secret marks at every depth; the result is what the cloud gets. */
export function revealSecrets(value: unknown): unknown {
  if (isSecret(value)) return revealSecrets(value.value);
  if (Array.isArray(value)) return value.map(revealSecrets);
  if (!isJsonObject(value)) return value;
  if (value[signature] === outputSignature) return "value" in value ? revealSecrets(value.value) : unknown;
  return mapValues(value, revealSecrets);
}

/** {@link revealSecrets} for a property bag. */
export function revealProperties(properties: WireProperties): Record<string, unknown> {
  return mapValues(properties, revealSecrets);
}

/**
 * Marks values in `outputs` as secret if the value at the same path in `inputs` is, as the engine does for a provider that
 * takes plain values: objects member by member, arrays as a whole.
 */
export function keepSecrets(outputs: WireProperties, inputs: WireProperties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [key, markLike(value, inputs[key])]),
  );
}

function markLike(value: unknown, input: unknown): unknown {
  if (isSecret(value) || !containsSecret(input)) return value;
  if (isSecret(input) || !isJsonObject(value) || !isJsonObject(input)) return secret(value);
  return keepSecrets(value, input);
}

function mapValues(
  object: Readonly<Record<string, unknown>>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** Converts a property bag to protobuf; undefined members are left out. */
export function toStruct(properties: WireProperties): Struct {
  return Struct.fromJavaScript(dropUndefined(properties) as Parameters<typeof Struct.fromJavaScript>[0]);
}

/** Converts a property bag from protobuf; a missing one is empty. */
export function fromStruct(struct: Struct | undefined): Record<string, unknown> {
  return struct?.toJavaScript() ?? {};
}

function dropUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => dropUndefined(item) ?? null);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, dropUndefined(item)]])),
  );
}
