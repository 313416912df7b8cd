import { count } from "./count";
import type { Operation, PropertyChange, ResourceStep } from "./model";
import type { SharedChange, Summary } from "./summarise";
import { unifiedDiff } from "./unified-diff";

/** Words that all renderers share. */
export const signs: Readonly<Record<Operation, string>> = {
  delete: "-",
  replace: "±",
  update: "~",
  create: "+",
  import: "=",
};

/** `all 37 tenants` or `both tenants`. @param number More than one. */
function allTenants(number: number): string {
  return number === 2 ? "both tenants" : `all ${count(number, "tenant")}`;
}

/** Some of `total` tenants, by name unless they are all. */
export function whichTenants(stacks: readonly string[], total: number, names: string): string {
  return stacks.length > 1 && stacks.length === total ? allTenants(total) : names;
}

/** The heading of a section. @param names Its stacks. */
export function sectionTitle(stacks: readonly string[], total: number, names: string): string {
  if (stacks.length === 1) return `Only in ${names}`;
  if (stacks.length === total) return `The same in ${allTenants(total)}`;
  return `The same in ${count(stacks.length, "tenant")}: ${names}`;
}

/** Stacks whose preview is complete and empty. */
export function unchanged({ stacks }: Summary): string[] {
  return stacks
    .filter(({ totals, problems }) => problems.length === 0 && Object.values(totals).every((n) => n === 0))
    .map(({ stack }) => stack);
}

export function headline(summary: Summary): string {
  const total = summary.stacks.length;
  const same = unchanged(summary).length;
  const failed = summary.stacks.filter(({ problems }) => problems.length > 0).length;
  const changed = total - same - failed;
  const incomplete = failed === 0 ? "" : `, ${failed} incomplete`;
  if (failed === total) return `${count(failed, "tenant")} incomplete`;
  if (changed === 0) return `No changes in ${count(same, "tenant")}${incomplete}`;
  if (changed < total) return `Changes in ${changed} of ${count(total, "tenant")}${incomplete}`;
  return total === 1 ? "Changes in 1 tenant" : `Changes in ${allTenants(total)}`;
}

/** The type in a readable form, such as `sql Database` or `RandomString`; empty if the resource's name says the same. */
export function kindOf({ type, name }: Pick<ResourceStep, "type" | "name">): string {
  const [provider, ...rest] = type.replace(/\/[^:]*/g, "").split(":");
  const kind =
    provider === "pulumi-nodejs" ? (rest.at(-1) ?? type) : rest.filter((part) => part !== "index").join(" ");
  return kind === name ? "" : `${kind} `;
}

/** What happens to a resource: `replace`, or `may replace` if that is not certain. */
export function verb({ op, awaits }: Pick<ResourceStep, "op" | "awaits">): string {
  return awaits === undefined ? op : `may ${op}`;
}

/** A change on one line: `sku.capacity: 2 → 4`. @param step The step that has it. */
export function oneLine(
  change: PropertyChange,
  code: (text: string) => string,
  step: Pick<ResourceStep, "awaits"> = {},
): string {
  const { path, kind, form, before, after, secret, replaces } = change;
  const force = step.awaits === undefined ? "forces" : "may force";
  const why = replaces ? ` (${force} the replacement)` : "";
  if (form === "name") {
    const words = { add: "new", update: "changed", delete: "gone" };
    return `${secret ? path : code(path)}: ${words[kind]}${why}`;
  }
  const value = (text: string | undefined) => (text === undefined ? "(none)" : code(shortHash(text)));
  return `${code(path)}: ${value(before)} → ${value(after)}${why}`;
}

/** Shortens a hash, because people compare only its beginning. */
function shortHash(text: string): string {
  return text.replace(/^"([0-9a-f]{12})[0-9a-f]{52}"$/, '"$1…"');
}

/** Every text change of a step as a unified diff. */
export function diffs(step: Pick<ResourceStep, "changes" | "name" | "file">): string[] {
  return step.changes.filter(({ form }) => form === "text").map((change) => unifiedDiff(change, step));
}

/** Makes control characters and direction marks visible, so that no text moves the cursor or hides anything. */
export function visibleText(text: string): string {
  return text.replace(
    /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}

/** Up to this many new resources of a section are shown one by one. */
const MOST_NEW = 5;

/** The new resources of a section, for example of a new tenant, if they are too many for more than their titles. */
export function manyNew(changes: readonly SharedChange[]): readonly SharedChange[] {
  const found = changes.filter(({ step }) => step.op === "create" || step.op === "import");
  return found.length > MOST_NEW ? found : [];
}
