import { withName } from "../../../packages/kit/urn";
import { maskText } from "./mask";
import { type Meaning, meaningOf, rankOf } from "./meaning";
import { byText, type Operation, operations, type ResourceStep, type StackChanges } from "./model";
import { fromPlaceholders, type OwnNames, placeholdersIn, sharedNames, toPlaceholders } from "./own-names";
import { inOrder } from "./stack-changes";

/** The previews of one or many stacks. The same previews in any order give the same summary. */
export interface Summary {
  /** Sorted by name. */
  readonly stacks: readonly StackTotals[];
  /** The severest first. */
  readonly sections: readonly Section[];
  /** Why previews are incomplete, as {@link StackTotals.problems}, each once. */
  readonly problems: readonly SharedTexts[];
  /** As {@link StackTotals.notes}, each once. */
  readonly notes: readonly SharedTexts[];
}

export interface StackTotals {
  readonly stack: string;
  readonly totals: Readonly<Record<Operation, number>>;
  /** How many of the replacements may turn out to be none. */
  readonly uncertain: number;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Sentences that several stacks share. Where the stacks' own names differ, they contain `‹tenant›`. */
export interface SharedTexts {
  readonly stacks: readonly string[];
  readonly texts: readonly string[];
}

/** Changes that the same stacks share. */
export interface Section {
  readonly stacks: readonly string[];
  readonly changes: readonly SharedChange[];
  /** The values of its placeholders, in the order of its stacks; absent if there are none except `‹tenant›`. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
}

/** A change of one resource in every stack of its section. Where the stacks' own names differ, it contains `‹tenant›`. */
export interface SharedChange {
  readonly step: Omit<ResourceStep, "urn">;
  readonly meaning?: Meaning;
}

interface Group {
  readonly members: { readonly changes: StackChanges; readonly step: ResourceStep }[];
  readonly normal: ResourceStep;
}

/** Groups changes that are equal except for the tenants' own names. */
export function summarise(list: readonly StackChanges[]): Summary {
  const all = [...list].sort((a, b) => byText(a.stack, b.stack));
  const groups = new Map<string, Group>();
  for (const changes of all) {
    for (const step of changes.steps) {
      const normal = renamed(step, (text) => toPlaceholders(text, changes.own));
      const key = JSON.stringify(normal);
      const group = groups.get(key) ?? { members: [], normal };
      group.members.push({ changes, step });
      groups.set(key, group);
    }
  }
  const stacks = all.map(totals);
  const shared = (of: "problems" | "notes") =>
    sharedTexts(
      all.map(({ own }, index) => ({
        own,
        stack: stacks[index]?.stack ?? "",
        texts: stacks[index]?.[of] ?? [],
      })),
    );
  return {
    stacks,
    sections: sections([...groups.values()]),
    problems: shared("problems"),
    notes: shared("notes"),
  };
}

/** Each text once, with all its stacks; texts of the same stacks are together. */
function sharedTexts(
  all: readonly { readonly stack: string; readonly own: OwnNames; readonly texts: readonly string[] }[],
): SharedTexts[] {
  const byText = new Map<string, { readonly stack: string; readonly own: OwnNames }[]>();
  for (const { stack, own, texts } of all) {
    for (const text of new Set(texts.map((one) => toPlaceholders(one, own)))) {
      byText.set(text, [...(byText.get(text) ?? []), { stack, own }]);
    }
  }
  const byStacks = new Map<string, { readonly stacks: string[]; readonly texts: string[] }>();
  for (const [text, members] of byText) {
    const stacks = members.map(({ stack }) => stack);
    const key = JSON.stringify(stacks);
    const same = byStacks.get(key) ?? { stacks, texts: [] };
    same.texts.push(fromPlaceholders(text, sharedNames(members.map(({ own }) => own))));
    byStacks.set(key, same);
  }
  return [...byStacks.values()];
}

function totals({ stack, steps, problems, notes = [] }: StackChanges): StackTotals {
  const count = (op: Operation) => steps.filter((step) => step.op === op).length;
  const entries = operations.map((op) => [op, count(op)] as const);
  return {
    stack,
    problems,
    uncertain: steps.filter(({ awaits }) => awaits !== undefined).length,
    notes: notes.map((note) => maskText(note)),
    totals: Object.fromEntries(entries) as Record<Operation, number>,
  };
}

function sections(groups: readonly Group[]): Section[] {
  const byStacks = new Map<string, { stacks: string[]; groups: Group[] }>();
  for (const group of groups) {
    const stacks = group.members.map(({ changes }) => changes.stack);
    const key = JSON.stringify(stacks);
    const section = byStacks.get(key) ?? { stacks, groups: [] };
    section.groups.push(group);
    byStacks.set(key, section);
  }
  return [...byStacks.values()]
    .map(({ stacks, groups: own }) => {
      const changes = own.map(shared).sort(gravestFirst);
      return { stacks, changes, ...usedNames(changes, own[0]?.members ?? []) };
    })
    .sort(
      (a, b) =>
        severity(a) - severity(b) ||
        b.stacks.length - a.stacks.length ||
        byText(a.stacks.join(), b.stacks.join()),
    );
}

/** The change with the names that the group's stacks share; for a single stack, all names. */
function shared({ members, normal }: Group): SharedChange {
  const names = sharedNames(members.map(({ changes }) => changes.own));
  const { urn: _, ...step } = renamed(normal, (text) => fromPlaceholders(text, names));
  const [first] = members;
  const whose =
    members.length === 1 ? `tenant ${first?.changes.stack ?? ""}` : `each of these ${members.length} tenants`;
  const meaning = meaningOf(normal, whose);
  return { step, ...(meaning === undefined ? {} : { meaning }) };
}

function usedNames(changes: readonly SharedChange[], members: Group["members"]): Pick<Section, "names"> {
  const placeholders = placeholdersIn(JSON.stringify(changes)).filter(
    (name) => name !== "tenant" && members.every(({ changes: { own } }) => Object.hasOwn(own, name)),
  );
  const values = (name: string) => members.map(({ changes: { own } }) => own[name] ?? "");
  return placeholders.length === 0
    ? {}
    : { names: Object.fromEntries(placeholders.map((name) => [name, values(name)])) };
}

/** 0: something is lost; 1: something is replaced or deleted; 2: neither, for certain. */
function severity({ changes }: Section): number {
  if (changes.some(({ meaning }) => meaning?.severe)) return 0;
  return changes.some(({ step }) => isGone(step)) ? 1 : 2;
}

function isGone({ op, awaits }: SharedChange["step"]): boolean {
  return op === "delete" || (op === "replace" && awaits === undefined);
}

/** Sorts losses by what is lost, then by operation, type and name. */
function gravestFirst(a: SharedChange, b: SharedChange): number {
  const rank = ({ step, meaning }: SharedChange) =>
    meaning?.severe ? rankOf(step.type) : Number.MAX_SAFE_INTEGER;
  return rank(a) - rank(b) || inOrder({ ...a.step, urn: "" }, { ...b.step, urn: "" });
}

/** A step with every text changed, except the URN's stack, which is not part of the change, and the types, which hold no tenant's names. */
function renamed(step: ResourceStep, rename: (text: string) => string): ResourceStep {
  const name = rename(step.name);
  return {
    ...step,
    urn: withName(step.urn, name),
    name,
    ...(step.awaits && { awaits: step.awaits.map(rename) }),
    changes: step.changes.map((change) => ({
      ...change,
      path: rename(change.path),
      ...(change.before === undefined ? {} : { before: rename(change.before) }),
      ...(change.after === undefined ? {} : { after: rename(change.after) }),
    })),
    ...(step.effects && {
      effects: step.effects.map(({ text, severe }) => ({ text: rename(text), severe })),
    }),
  };
}
