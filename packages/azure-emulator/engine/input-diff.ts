import { normalRegion } from "../../azure-resource-types";
import { isJsonObject, ownMember } from "../../kit/json-object";
import { parsePath } from "../../kit/property-path";
import { containsPath } from "./property-path";
import type { DifferenceKind, DiffResult } from "./resource-provider";
import { isUnknown, type WireProperties } from "./wire-values";

export interface DiffRules {
  /** Properties, with everything below them, that cannot change on an existing resource. */
  readonly replaceOn: readonly string[];
  /** Properties compared without case and spaces: Azure returns `West Europe` as `westeurope`. */
  readonly locations: readonly string[];
  /** True if the program gives the name; azure-native makes room for the replacement then, even if its name is another one. */
  readonly programNames: boolean;
}

/**
 * Compares two sets of inputs, property by property. Null counts as absent. The old resource goes first if something forces a replacement
 * and the name is the program's, as azure-native says (Diff in github.com/pulumi/pulumi-azure-native, provider/pkg/provider/provider.go).
 */
export function diffInputs(olds: WireProperties, news: WireProperties, rules: DiffRules): DiffResult {
  const differences = new Map<string, DifferenceKind>();
  const report = (path: string, kind: "add" | "delete" | "update"): void => {
    differences.set(path, isUnder(path, rules.replaceOn) ? `${kind}Replace` : kind);
  };
  compareObjects(
    "",
    normaliseLocations(olds, rules.locations),
    normaliseLocations(news, rules.locations),
    report,
  );
  const isReplaced = [...differences.values()].some((kind) => kind.endsWith("Replace"));
  return {
    differences: Object.fromEntries(differences),
    deleteBeforeReplace: isReplaced && rules.programNames,
  };
}

/** The paths that force a replacement. */
export function replacePaths(diff: DiffResult): string[] {
  return Object.entries(diff.differences)
    .filter(([, kind]) => kind.endsWith("Replace"))
    .map(([path]) => path);
}

/** `replaceOnChanges`: a difference at or below one of the paths forces a replacement. */
export function replaceOn(diff: DiffResult, paths: readonly string[]): DiffResult {
  const roots = paths.map(parsePath);
  const kindOf = (path: string, kind: DifferenceKind): DifferenceKind => {
    const isForced = roots.some((root) => containsPath(root, parsePath(path)));
    return isForced && !kind.endsWith("Replace") ? (`${kind}Replace` as DifferenceKind) : kind;
  };
  const differences = Object.entries(diff.differences).map(([path, kind]) => [path, kindOf(path, kind)]);
  return { ...diff, differences: Object.fromEntries(differences) };
}

type Report = (path: string, kind: "add" | "delete" | "update") => void;

function compare(path: string, old: unknown, now: unknown, report: Report): void {
  if (isAbsent(old) && isAbsent(now)) return;
  if (isAbsent(old)) report(path, "add");
  else if (isAbsent(now)) report(path, "delete");
  else if (Array.isArray(old) && Array.isArray(now)) compareArrays(path, old, now, report);
  else if (isJsonObject(old) && isJsonObject(now)) compareObjects(path, old, now, report);
  else if (old !== now) report(path, "update");
}

function compareArrays(path: string, old: readonly unknown[], now: readonly unknown[], report: Report): void {
  for (let index = 0; index < Math.max(old.length, now.length); index++) {
    compare(`${path}[${index}]`, old[index], now[index], report);
  }
}

function compareObjects(path: string, old: WireProperties, now: WireProperties, report: Report): void {
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (!key.startsWith("__")) compare(join(path, key), ownMember(old, key), ownMember(now, key), report);
  }
}

/** Pulumi's property paths quote keys that are not identifiers. */
function join(path: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function isUnder(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(`${root}.`) || path.startsWith(`${root}[`));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function normaliseLocations(properties: WireProperties, locations: readonly string[]): WireProperties {
  const normalised: Record<string, unknown> = { ...properties };
  for (const key of locations) {
    const value = normalised[key];
    if (typeof value === "string" && !isUnknown(value)) normalised[key] = normalRegion(value);
  }
  return normalised;
}
