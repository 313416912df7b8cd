import { isMap, isScalar } from "yaml";
import { type ConfigPath, configKey } from "../infra/config-check";
import { plainValue } from "./plain-scalar";
import { isPlain, type PlacedMistake, type YamlSource } from "./yaml-source";

/** A setting of every tenant, under `config` of Pulumi.yaml. */
export interface CommonSetting {
  readonly path: ConfigPath;
  /** The nodes of the value and of its key. */
  readonly value: unknown;
  readonly key: unknown;
}

/**
 * The common settings in the order in which Pulumi applies them: by key, so that `quantemplate:sql` comes before
 * `quantemplate:sql.capacity`. A value is written as it is, or as `{default: …}` or, outside this project's
 * namespace, `{value: …}`; {@link commonMistakes} reports any other form.
 */
export function commonSettings(source: YamlSource, project: string): CommonSetting[] {
  return entries(source)
    .filter(({ key, pair }) => !isRefused(source, isOf(project, key), pair.value))
    .map(({ key, pair }) => ({
      path: parseKey(withNamespace(key, project)),
      value: valueNode(source, pair.value),
      key: pair.key,
      name: key,
    }))
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function entries(source: YamlSource) {
  const config = source.pairs(source.contents).find(({ key }) => key === "config");
  return source.pairs(config?.pair.value);
}

/** An empty default counts as absent. */
function valueNode(source: YamlSource, node: unknown): unknown {
  if (!isMap(source.resolve(node))) return node;
  const members = new Map(source.pairs(node).map(({ key, pair }) => [key, pair.value]));
  return ["default", "value"].map((member) => members.get(member)).find((value) => !isEmpty(source, value));
}

function isEmpty(source: YamlSource, node: unknown): boolean {
  const value = source.resolve(node);
  return value === undefined || value === null || (isScalar(value) && value.value === null);
}

/** Common settings that make Pulumi refuse the project, and so every tenant. */
export function commonMistakes(source: YamlSource, project: string): PlacedMistake[] {
  return entries(source)
    .filter(({ key, pair }) => isRefused(source, isOf(project, key), pair.value))
    .map(({ key, pair }) => ({
      ...source.placeOf(pair.key),
      key: configKey(parseKey(withNamespace(key, project))),
      message: "is written in a form that makes Pulumi refuse every tenant",
      fix: `Write a text, a whole number, true, false or a list, or {${isOf(project, key) ? "default" : "value"}: …} around anything else.`,
    }));
}

function isOf(project: string, key: string): boolean {
  return withNamespace(key, project).startsWith(`${project}:`);
}

const declaring = ["type", "items"];
const known = [...declaring, "description", "secret", "default", "value"];

/** The rules of Pulumi's `project.json` and of its `Project.Validate`. */
function isRefused(source: YamlSource, isOwn: boolean, node: unknown): boolean {
  const value = source.resolve(node);
  if (isMap(value)) {
    const pairs = source.pairs(value);
    const filled = pairs.filter(({ pair }) => !isEmpty(source, pair.value)).map(({ key }) => key);
    const has = (...members: string[]) => members.some((member) => filled.includes(member));
    if (!pairs.every(({ key }) => known.includes(key))) return true;
    return isOwn ? has("default") && has("value") : !has("value") || has("default", ...declaring);
  }
  if (isEmpty(source, value)) return true;
  // Other plain values that Pulumi does not read as text are reported elsewhere: they need quotes.
  const read = isScalar(value) && isPlain(value) ? plainValue(value.source) : undefined;
  return typeof read === "number" && !Number.isInteger(read);
}

/** The project's own keys may be written without a namespace. */
export function withNamespace(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

/** Splits `ns:a.b[0]["c.d"]` into its parts. */
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
 * What Pulumi makes of a single value under a key with a path: it converts text, truth values and whole numbers to text, and then
 * reads the text as a truth value or a whole number if it looks like one.
 */
export function throughText(value: unknown): unknown {
  if (typeof value === "object" && value !== null) return value;
  if (typeof value === "number" && !Number.isInteger(value)) return value;
  const text = String(value);
  if (text === "true" || text === "false") return text === "true";
  const isWhole = /^(0|[-+]\d+|[1-9]\d*)$/.test(text) && Math.abs(Number(text)) < 2 ** 63;
  // There is no -0.
  return isWhole ? Number(text) + 0 : text;
}
