import { isMap } from "yaml";
import type { ConfigPath } from "../infra/config-check";
import { pairsOf } from "./yaml-source";

/** Settings of every tenant, under `config` of Pulumi.yaml, as Pulumi merges them. */
export interface CommonSetting {
  readonly path: ConfigPath;
  /** Node of the value and of its key. */
  readonly value: unknown;
  readonly key: unknown;
}

/**
 * The common settings in the order in which Pulumi applies them: by key, so that `quantemplate:sql` comes before
 * `quantemplate:sql.capacity`. A value is written in short, or as `{default: …}` or, outside this project's
 * namespace, `{value: …}`.
 */
export function commonSettings(config: unknown, project: string): CommonSetting[] {
  return pairsOf(config)
    .map(({ key, pair }) => ({
      path: parseKey(withNamespace(key, project)),
      value: isMap(pair.value)
        ? (pair.value.get("default", true) ?? pair.value.get("value", true))
        : pair.value,
      key: pair.key,
      name: key,
    }))
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A key of our own project may be written without its namespace. */
export function withNamespace(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

/** `ns:a.b[0]["c.d"]` into its parts. */
export function parseKey(key: string): ConfigPath {
  const [head = key] = /^[^:]*:[^.[]*/.exec(key) ?? [];
  const parts = key.slice(head.length).matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]]+)/g);
  return [
    head,
    ...[...parts].map(([, index, quoted, plain]) =>
      index !== undefined ? Number(index) : (quoted?.replace(/\\(.)/g, "$1") ?? plain ?? ""),
    ),
  ];
}

/**
 * What Pulumi makes of a single value under a key with a path: it goes through text, and comes back a truth value or a whole
 * number where it looks like one.
 */
export function throughText(value: unknown): unknown {
  if (typeof value === "object" && value !== null) return value;
  const text = String(value);
  if (text === "true" || text === "false") return text === "true";
  return /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : text;
}
