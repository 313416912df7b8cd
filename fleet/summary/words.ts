import type { Operation, PropertyChange, ResourceStep } from "./model";
import type { Summary } from "./summarise";
import { unifiedDiff } from "./unified-diff";

/** What all renderers say alike. */
export const signs: Readonly<Record<Operation, string>> = {
  delete: "-",
  replace: "±",
  update: "~",
  create: "+",
  import: "=",
};

/** `sql Database`, `database-migration`: the type as people name it. */
export function typeName(type: string): string {
  const [provider = "", ...rest] = type.replace(/\/[^:]*/g, "").split(":");
  if (provider === "pulumi-nodejs") return rest.at(-1) ?? type;
  return rest.join(" ");
}

/** `37 tenants`, `1 tenant`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

/** The heading of a section. */
export function sectionTitle(stacks: readonly string[], total: number): string {
  if (stacks.length === 1) return "Only in";
  return stacks.length === total
    ? `The same in all ${total} tenants`
    : `The same in ${stacks.length} tenants`;
}

/** Stacks whose preview is whole and empty. */
export function unchanged({ stacks }: Summary): string[] {
  return stacks
    .filter(({ totals, problems }) => problems.length === 0 && Object.values(totals).every((n) => n === 0))
    .map(({ stack }) => stack);
}

export function headline(summary: Summary): string {
  const total = summary.stacks.length;
  const same = unchanged(summary).length;
  const failed = summary.stacks.filter(({ problems }) => problems.length > 0).length;
  if (same === total) return `No changes in ${count(total, "tenant")}`;
  const changed = total - same;
  const parts = [`${count(changed, "tenant")} of ${total} with changes`];
  if (failed > 0) parts[0] = `${count(changed - failed, "tenant")} of ${total} with changes`;
  if (failed > 0) parts.push(`${count(failed, "incomplete preview")}`);
  return parts.join(", ");
}

/** A change of one line: `sku.capacity: 2 → 4`. */
export function oneLine(change: PropertyChange, code: (text: string) => string): string {
  const { path, kind, form, before, after, secret, replaces } = change;
  const why = replaces ? " (forces the replacement)" : "";
  if (form === "name") {
    const words = { add: "new", update: "changed", delete: "gone" };
    return `${secret ? path : code(path)}: ${words[kind]}${why}`;
  }
  const value = (text: string | undefined) => (text === undefined ? "(none)" : code(shortHash(text)));
  return `${code(path)}: ${value(before)} → ${value(after)}${why}`;
}

/** Of a hash, people compare the beginning. */
function shortHash(text: string): string {
  return text.replace(/^"([0-9a-f]{12})[0-9a-f]{52}"$/, '"$1…"');
}

/** Every text change of a step as unified diffs, each a block of lines. */
export function diffs({ changes }: Pick<ResourceStep, "changes">): string[] {
  return changes.filter(({ form }) => form === "text").map(unifiedDiff);
}

/** Control characters and those that turn the direction of text, made visible: nothing moves a cursor or hides. */
export function visibleText(text: string): string {
  return text.replace(
    /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}
