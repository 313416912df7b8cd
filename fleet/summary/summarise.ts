import { type Meaning, meaningOf, rankOf } from "./meaning";
import { byText, type Operation, operations, type ResourceStep, type StackChanges } from "./model";
import { sharedNames, withNames, withoutNames } from "./own-names";
import { inOrder } from "./stack-changes";

/** The previews of one or many stacks. The same previews in any order give the same summary. */
export interface Summary {
  /** By name. */
  readonly stacks: readonly StackTotals[];
  /** The gravest first. */
  readonly sections: readonly Section[];
}

export interface StackTotals {
  readonly stack: string;
  readonly totals: Readonly<Record<Operation, number>>;
  readonly problems: readonly string[];
}

/** Changes that are the same in the same stacks. */
export interface Section {
  readonly stacks: readonly string[];
  readonly changes: readonly SharedChange[];
}

/** A change of one resource in every stack of its section. Where the stacks' own names differ, it says `‹tenant›`. */
export interface SharedChange {
  readonly step: Omit<ResourceStep, "urn">;
  readonly meaning?: Meaning;
}

interface Group {
  readonly members: { readonly changes: StackChanges; readonly step: ResourceStep }[];
  readonly normal: ResourceStep;
}

/** Puts together what is the same but for the tenants' own names, and nothing else. */
export function summarise(list: readonly StackChanges[]): Summary {
  const all = [...list].sort((a, b) => byText(a.stack, b.stack));
  const groups = new Map<string, Group>();
  for (const changes of all) {
    for (const step of changes.steps) {
      const normal = renamed(step, (text) => withoutNames(text, changes.own));
      const key = JSON.stringify(normal);
      const group = groups.get(key) ?? { members: [], normal };
      group.members.push({ changes, step });
      groups.set(key, group);
    }
  }
  return { stacks: all.map(totals), sections: sections([...groups.values()]) };
}

function totals({ stack, steps, problems }: StackChanges): StackTotals {
  const count = (op: Operation) => steps.filter((step) => step.op === op).length;
  const entries = operations.map((op) => [op, count(op)] as const);
  return { stack, problems, totals: Object.fromEntries(entries) as Record<Operation, number> };
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
    .map(({ stacks, groups: own }) => ({
      stacks,
      changes: own.map(shared).sort(gravestFirst),
    }))
    .sort(
      (a, b) =>
        gravity(a) - gravity(b) ||
        b.stacks.length - a.stacks.length ||
        byText(a.stacks.join(), b.stacks.join()),
    );
}

/** As the stacks of a group see it: with the names that they share, so of a single stack with all of them. */
function shared({ members, normal }: Group): SharedChange {
  const names = sharedNames(members.map(({ changes }) => changes.own));
  const { urn: _, ...step } = renamed(normal, (text) => withNames(text, names));
  const [first] = members;
  const whose =
    members.length === 1 ? `tenant ${first?.changes.stack ?? ""}` : `each of these ${members.length} tenants`;
  const meaning = meaningOf(normal, whose);
  return { step, ...(meaning === undefined ? {} : { meaning }) };
}

/** 0: something is lost; 1: something is replaced or deleted; 2: neither. */
function gravity({ changes }: Section): number {
  if (changes.some(({ meaning }) => meaning?.grave)) return 0;
  return changes.some(({ step }) => step.op === "delete" || step.op === "replace") ? 1 : 2;
}

/** Losses by what is lost, then by operation, type and name. */
function gravestFirst(a: SharedChange, b: SharedChange): number {
  const rank = ({ step, meaning }: SharedChange) =>
    meaning?.grave ? rankOf(step.type) : Number.MAX_SAFE_INTEGER;
  return rank(a) - rank(b) || inOrder({ ...a.step, urn: "" }, { ...b.step, urn: "" });
}

/** A step with every text in it changed. The stack in the URN is no part of the change. */
function renamed(step: ResourceStep, rename: (text: string) => string): ResourceStep {
  return {
    ...step,
    urn: step.urn.replace(/^urn:pulumi:[^:]*/, "urn:pulumi:"),
    name: rename(step.name),
    changes: step.changes.map((change) => ({
      ...change,
      path: rename(change.path),
      ...(change.before === undefined ? {} : { before: rename(change.before) }),
      ...(change.after === undefined ? {} : { after: rename(change.after) }),
    })),
  };
}
