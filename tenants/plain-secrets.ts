import type { ConfigPath } from "../infra/config-check";
import { isSecretName } from "../infra/secret-names";
import { HIDDEN } from "./value-places";

/** The paths of plain-text values whose names suggest a secret, also in structured values and JSON texts. */
export function plainSecrets(settings: ReadonlyMap<string, unknown>): ConfigPath[] {
  return [...settings].flatMap(([key, value]) => within([key], key, value));
}

/** Members that are called like what they name: patterns of names by kind, and the columns of headers. Their values are names. */
const namings = /^quantemplate:(names|datasets,\d+,columns)$/;

function within(path: ConfigPath, name: string, value: unknown): ConfigPath[] {
  if (isPlainSecret(name, value)) return [path];
  if (namings.test(path.join())) return [];
  const structured = typeof value === "string" ? parsed(value) : value;
  if (typeof structured !== "object" || structured === null) return [];
  const paths = Object.entries(structured).flatMap(([part, inner]) =>
    within(
      [...path, Array.isArray(structured) ? Number(part) : part],
      Array.isArray(structured) ? name : part,
      inner,
    ),
  );
  // A value inside JSON text has no place of its own, so the text is reported, once.
  return structured === value ? paths : paths.slice(0, 1).map(() => path);
}

/** Only filled text and numbers count: in an object the members' names decide, and a column may well be called Token. */
function isPlainSecret(name: string, value: unknown): boolean {
  const isFilled =
    (typeof value === "string" && value !== "" && value !== HIDDEN) || typeof value === "number";
  return isFilled && isSecretName(name);
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The settings without encrypted values and without secrets in plain text. */
export function withoutSecrets(settings: ReadonlyMap<string, unknown>): Map<string, unknown> {
  const plain = new Set(plainSecrets(settings).map((path) => JSON.stringify(path)));
  const isSecret = (path: ConfigPath, value: unknown) => value === HIDDEN || plain.has(JSON.stringify(path));
  const strip = (path: ConfigPath, value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const isList = Array.isArray(value);
    const kept = Object.entries(value)
      .map(([part, inner]): [string, ConfigPath, unknown] => [
        part,
        [...path, isList ? Number(part) : part],
        inner,
      ])
      .filter(([, below, inner]) => !isSecret(below, inner))
      .map(([part, below, inner]): [string, unknown] => [part, strip(below, inner)]);
    return isList ? kept.map(([, inner]) => inner) : Object.fromEntries(kept);
  };
  const open = [...settings].filter(([key, value]) => !isSecret([key], value));
  return new Map(open.map(([key, value]) => [key, strip([key], value)]));
}
