import { resourceNames } from "../../../infra/naming";

/** Names by placeholder: `{ tenant: "acme", resourceGroup: "rg-qt-acme-westeurope-x7k2p9" }`. */
export type OwnNames = Readonly<Record<string, string>>;

/**
 * The names that a tenant does not share with the others: its own, those of infra/naming.ts, its subscription, and the ids
 * of its identities.
 * @param ids Ids that Azure assigned, by what they identify.
 * @param texts All texts of the stack.
 */
export function ownNames(stack: string, ids: OwnNames, texts: readonly string[]): OwnNames {
  const own: Record<string, string> = { tenant: stack };
  const taken = new Set([stack]);
  const add = (placeholder: string, value: string | undefined): void => {
    if (value === undefined || value.length < 3 || taken.has(value) || Object.hasOwn(own, placeholder))
      return;
    taken.add(value);
    own[placeholder] = value;
  };
  const all = texts.join("\n");
  for (const [kind, name] of Object.entries(namesIn(stack, all))) add(kind, name);
  add("subscription", single(all.matchAll(/\/subscriptions\/([0-9a-f-]{36})(?=\/)/gi)));
  for (const [placeholder, id] of Object.entries(ids)) add(placeholder, id);
  return own;
}

/** The resource group's name contains region and suffix, from which every other name follows. A tenant that moves has two regions. */
function namesIn(stack: string, text: string): OwnNames {
  const slug = stack.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const name = new RegExp(`(?<![a-z0-9-])rg-qt-${slug}-((?:[a-z0-9]+-)+)([a-z0-9]{6})(?![a-z0-9-])`, "g");
  const found = [...text.matchAll(name)].map(([, region = "", suffix = ""]) => [region.slice(0, -1), suffix]);
  const regions = [...new Set(found.map(([region = ""]) => region))].sort();
  const [suffix, another] = new Set(found.map(([, one = ""]) => one));
  if (suffix === undefined || another !== undefined) return {};
  const names = regions.flatMap((location) =>
    Object.entries(resourceNames({ stack, location, suffix })).map(
      ([kind, own]) => [regions.length === 1 ? kind : `${kind} in ${location}`, own] as const,
    ),
  );
  return { ...Object.fromEntries(names), suffix };
}

function single(matches: Iterable<RegExpMatchArray>): string | undefined {
  const values = new Set([...matches].map(([, value]) => value));
  return values.size === 1 ? [...values][0] : undefined;
}

/**
 * Replaces a tenant's own names with placeholders such as `‹tenant›`. Nothing is lost: {@link fromPlaceholders} with the same names
 * restores the text, so two tenants' texts become equal only if they differ in their own names alone.
 */
export function toPlaceholders(text: string, own: OwnNames): string {
  const byLength = Object.entries(own).sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const placeholders = new Map(byLength.map(([placeholder, name]) => [name, placeholder]));
  if (placeholders.size === 0) return text.replaceAll("‹", "‹‹›");
  const names = [...placeholders.keys()].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`‹|(?<![A-Za-z0-9])(?:${names.join("|")})(?![A-Za-z0-9])`, "g");
  return text.replace(pattern, (found) => (found === "‹" ? "‹‹›" : `‹${placeholders.get(found) ?? ""}›`));
}

const placeholder = /‹‹›|‹([^‹›]*)›/g;

/** The placeholders of a text that {@link toPlaceholders} made, each once, in order. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(placeholder)].flatMap(([, name]) => name ?? []))].sort();
}

/** The inverse of {@link toPlaceholders}; placeholders without a name stay. */
export function fromPlaceholders(text: string, own: OwnNames): string {
  return text.replace(placeholder, (all, name: string | undefined) =>
    name === undefined ? "‹" : (own[name] ?? all),
  );
}

/** The names that several tenants share: no placeholder is needed for them. */
export function sharedNames(tenants: readonly OwnNames[]): OwnNames {
  const [first = {}, ...others] = tenants;
  return Object.fromEntries(
    Object.entries(first).filter(([placeholder, name]) => others.every((own) => own[placeholder] === name)),
  );
}
