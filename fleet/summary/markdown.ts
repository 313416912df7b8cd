import { cellCode, code, fenced, html, plain } from "./markdown-escape";
import { type Meaning, sentencesOf } from "./meaning";
import { operations } from "./model";
import type { Section, SharedChange, StackTotals, Summary } from "./summarise";
import { type Part, withinLimit } from "./within-limit";
import { count, diffs, headline, kindOf, oneLine, sectionTitle, signs, whichTenants } from "./words";

/** GitHub refuses a longer comment, in characters. */
export const COMMENT_LIMIT = 65_536;

export interface MarkdownOptions {
  /** Characters at most. Without it everything is shown: the text of the artifact. */
  readonly limit?: number;
  /** Where the full text is, as part of a sentence. */
  readonly artifact?: string;
}

/** Tenants named before the others are only counted; rows of the table of totals. */
const MOST_NAMES = 12;
const MOST_ROWS = 20;
/** New resources of a section that are told one by one. */
const MOST_NEW = 5;
/** Problems and notes: how many, and how long each may be in characters. */
const MOST_TEXTS = 10;
const LONGEST_TEXT = 1000;
/** A diff of more lines is folded. */
const OPEN_LINES = 60;

/** The summary as GitHub's Markdown: totals first, then the changes, the gravest first. Nothing in it can leave its block. */
export function renderMarkdown(summary: Summary, options: MarkdownOptions = {}): string {
  const { limit = Number.POSITIVE_INFINITY, artifact = "the artifact" } = options;
  const short = Number.isFinite(limit);
  const title = `## ${headline(summary)}`;
  const head = [
    title,
    table(summary, short),
    ...problems(summary, short, artifact),
    ...notes(summary, short, artifact),
  ].filter(Boolean);
  const parts = summary.sections.flatMap((section) => sectionParts(section, summary, short, artifact));
  const rest = (brief: number, none: number) => {
    const sentences = [
      ...(none > 0
        ? [
            `${none.toLocaleString("en-US")} more ${none === 1 ? "change is" : "changes are"} in ${plain(artifact)} only.`,
          ]
        : []),
      ...(brief > 0
        ? [`Shown without details: ${brief.toLocaleString("en-US")}; ${plain(artifact)} has them.`]
        : []),
    ];
    return `_${sentences.join(" ")}_`;
  };
  const whole = withinLimit(head.join("\n\n"), parts, rest, limit);
  return whole !== "" ? whole : `${title}\n\n_See ${plain(artifact)}._\n`.slice(0, Math.max(0, limit));
}

/** Stacks with the same totals share a row. */
function table({ stacks }: Summary, short: boolean): string {
  const shown = operations.filter((op) => stacks.some(({ totals }) => totals[op] > 0));
  if (shown.length === 0) return "";
  const rows = new Map<string, StackTotals[]>();
  for (const one of stacks) {
    const key = JSON.stringify([shown.map((op) => one.totals[op]), one.problems.length > 0]);
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  const sum = ([first]: StackTotals[]) => shown.reduce((all, op) => all + (first?.totals[op] ?? 0), 0);
  const sorted = [...rows.values()].sort((a, b) => sum(b) - sum(a));
  const most = short ? MOST_ROWS : sorted.length;
  const lines = sorted.slice(0, most).map((same) => {
    const cells = shown.map((op) => String(same[0]?.totals[op] || ""));
    const note = same[0]?.problems.length ? " (incomplete)" : sum(same) === 0 ? ": no changes" : "";
    return `| ${names(
      same.map(({ stack }) => stack),
      short,
      cellCode,
    )}${note} | ${cells.join(" | ")} |`;
  });
  const left = sorted.slice(most).flat().length;
  if (left > 0) lines.push(`| ${count(left, "more tenant")} |${" |".repeat(shown.length)}`);
  const header = [`| Tenants | ${shown.join(" | ")} |`, `|---|${"--:|".repeat(shown.length)}`];
  return [...header, ...lines].join("\n");
}

function problems({ stacks, problems }: Summary, short: boolean, artifact: string): string[] {
  const most = short ? MOST_TEXTS : problems.length;
  const blocks = problems.slice(0, most).map(({ stacks: failed, texts }) => {
    const whose = whichTenants(failed, stacks.length, names(failed, short, code));
    const verb = failed.length === 1 ? "is" : "are";
    return `**${capital(whose)} ${verb} incomplete:**\n\n${fenced(cut(texts.join("\n"), short), "")}`;
  });
  const left = new Set(problems.slice(most).flatMap((one) => one.stacks));
  for (const { stacks: failed } of problems.slice(0, most)) for (const stack of failed) left.delete(stack);
  return left.size === 0
    ? blocks
    : [...blocks, `_${count(left.size, "more tenant")} incomplete; see ${plain(artifact)}._`];
}

function notes({ stacks, notes: all }: Summary, short: boolean, artifact: string): string[] {
  const most = short ? MOST_TEXTS : all.length;
  const lines = all.slice(0, most).map(({ stacks: noted, texts }) => {
    const whose = whichTenants(noted, stacks.length, names(noted, short, code));
    return `- ${capital(whose)}: ${plain(cut(texts.join(" "), short))}`;
  });
  if (all.length > most) lines.push(`- ${count(all.length - most, "more note")} in ${plain(artifact)}`);
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function cut(text: string, short: boolean): string {
  return short && text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)} …` : text;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** In short many new resources are told by their titles: their values say nothing that their files do not. */
function sectionParts(section: Section, { stacks }: Summary, short: boolean, artifact: string): Part[] {
  const { stacks: own, changes } = section;
  const heading = `### ${sectionTitle(own, stacks.length, names(own, short, code))}`;
  const isNew = ({ step }: SharedChange) => step.op === "create" || step.op === "import";
  const listed = short && changes.filter(isNew).length > MOST_NEW ? changes.filter(isNew) : [];
  const told = changes.filter((change) => !listed.includes(change));
  return [
    ...told.map((change) => part(heading, change, short, artifact)),
    ...(listed.length === 0 ? [] : [newResources(heading, listed, artifact)]),
  ];
}

/** Titles by kind, then what the steps among them do. */
function newResources(heading: string, changes: readonly SharedChange[], artifact: string): Part {
  const byKind = new Map<string, string[]>();
  for (const { step } of changes) {
    const kind = `${step.op === "import" ? "taken over, " : ""}${kindOf({ ...step, name: "" }).trim()}`;
    byKind.set(kind, [...(byKind.get(kind) ?? []), step.name]);
  }
  const title = `**${count(changes.length, "new resource")}**; their values are in ${plain(artifact)}.`;
  const list = [...byKind].map(([kind, of]) => `- ${plain(kind)}: ${of.map(code).join(", ")}`).join("\n");
  const means = changes.flatMap(({ meaning }) => quoted(meaning, true, artifact)).join("\n>\n");
  return {
    heading,
    full: [title, ...(means === "" ? [] : [means]), list].join("\n\n"),
    brief: title,
    changes: changes.length,
  };
}

function part(heading: string, change: SharedChange, short: boolean, artifact: string): Part {
  const { step, meaning } = change;
  const title = [
    `**${signs[step.op]} ${step.op}** ${plain(kindOf(step))}${code(step.name)}`,
    ...(step.file === undefined ? [] : [code(step.file)]),
  ].join(", ");
  const means = quoted(meaning, short, artifact);
  const number = step.changes.length;
  const brief =
    number === 0
      ? []
      : [`_${number === 1 ? "Its change is" : `Its ${number} changes are`} in ${plain(artifact)}._`];
  return {
    heading,
    full: [title, ...means, ...details(change)].join("\n\n"),
    brief: [title, ...means, ...brief].join("\n\n"),
    changes: 1,
  };
}

/** What it means, a line a sentence. */
function quoted(meaning: Meaning | undefined, short: boolean, artifact: string): string[] {
  if (meaning === undefined) return [];
  const sentences = sentencesOf(meaning);
  const most = short ? MOST_TEXTS : sentences.length;
  const lines = sentences
    .slice(0, most)
    .map(({ text, grave }) => (grave ? `⚠️ **${plain(text)}**` : plain(text)));
  if (sentences.length > most)
    lines.push(`_${count(sentences.length - most, "more sentence")} in ${plain(artifact)}_`);
  return [lines.map((line) => `> ${line}`).join("\n>\n")];
}

function details({ step }: SharedChange): string[] {
  const lines = step.changes.filter(({ form }) => form !== "text");
  if (step.op === "create" || step.op === "import") {
    const listed = lines
      .map(({ path, after }) => `+ ${path}${after === undefined ? "" : `: ${after}`}`)
      .join("\n");
    const list = listed === "" ? [] : [folded(count(lines.length, "value"), fenced(listed, "diff"))];
    return [...list, ...diffs(step).map(diffBlock)];
  }
  const list = lines.map((change) => `- ${oneLine(change, code)}`).join("\n");
  return [...(list === "" ? [] : [list]), ...diffs(step).map(diffBlock)];
}

function diffBlock(diff: string): string {
  const block = fenced(diff, "diff");
  const lines = diff.split("\n").length;
  return lines <= OPEN_LINES ? block : folded(`diff of ${lines.toLocaleString("en-US")} lines`, block);
}

function folded(title: string, block: string): string {
  return `<details><summary>${html(title)}</summary>\n\n${block}\n\n</details>`;
}

function names(stacks: readonly string[], short: boolean, span: (text: string) => string): string {
  const most = short ? MOST_NAMES : stacks.length;
  const shown = stacks.slice(0, most).map(span).join(", ");
  const left = stacks.length - most;
  return left > 0 ? `${shown} and ${left.toLocaleString("en-US")} more` : shown;
}
