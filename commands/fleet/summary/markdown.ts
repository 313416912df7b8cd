import { count } from "./count";
import { cellCode, code, fenced, html, plain } from "./markdown-escape";
import { type Meaning, sentencesOf } from "./meaning";
import { operations } from "./model";
import type { Section, SharedChange, StackTotals, Summary } from "./summarise";
import { type Part, withinLimit } from "./within-limit";
import { diffs, headline, kindOf, manyNew, oneLine, sectionTitle, signs, verb, whichTenants } from "./words";

/** The longest comment that GitHub accepts, in characters. */
export const COMMENT_LIMIT = 65_536;

export interface MarkdownOptions {
  /** The most characters. Without a limit everything is shown, as in the artifact. */
  readonly limit?: number;
  /** What holds the full text, as part of a sentence. */
  readonly artifact?: string;
}

/** How much is shown in addition to the changes. */
interface Room {
  /** Tenants that are named; the others are only counted. */
  readonly names: number;
  /** Rows of the table of totals. */
  readonly rows: number;
  /** Problems, notes, sentences about a change. */
  readonly texts: number;
  /** Characters of a problem or a note. */
  readonly text: number;
}
const all = Number.POSITIVE_INFINITY;
const unlimited: Room = { names: all, rows: all, texts: all, text: all };
/** From the usual room down to one that fits nearly any limit. */
const rooms: readonly [Room, ...Room[]] = [
  { names: 12, rows: 20, texts: 10, text: 1000 },
  { names: 6, rows: 10, texts: 5, text: 500 },
  { names: 3, rows: 5, texts: 2, text: 250 },
  { names: 1, rows: 2, texts: 1, text: 100 },
  { names: 1, rows: 0, texts: 0, text: 0 },
];
/** A diff with more lines is folded. */
const OPEN_LINES = 60;

/** The summary as GitHub's Markdown: totals first, then the changes, the severest first. Nothing in it can leave its block. */
export function renderMarkdown(summary: Summary, options: MarkdownOptions = {}): string {
  const { limit = Number.POSITIVE_INFINITY, artifact = "the artifact" } = options;
  const short = Number.isFinite(limit);
  const [usual] = short ? rooms : [unlimited];
  const title = `## ${headline(summary)}`;
  const parts = summary.sections.flatMap((section) => sectionParts(section, summary, usual, artifact));
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
  for (const room of short ? rooms : [unlimited]) {
    const head = [
      title,
      table(summary, room),
      ...problems(summary, room, artifact),
      ...notes(summary, room, artifact),
    ];
    const text = withinLimit(head.filter(Boolean).join("\n\n"), parts, rest, limit);
    if (text !== undefined) return text;
  }
  const see = `_See ${plain(artifact)}._`;
  return [`${title}\n\n${see}\n`, `${title}\n`, `${see}\n`].find((text) => text.length <= limit) ?? "";
}

/** Stacks with the same totals share a row. */
function table({ stacks }: Summary, room: Room): string {
  const shown = operations.filter((op) => stacks.some(({ totals }) => totals[op] > 0));
  if (shown.length === 0 || room.rows === 0) return "";
  const rows = new Map<string, StackTotals[]>();
  for (const one of stacks) {
    const key = JSON.stringify([shown.map((op) => one.totals[op]), one.uncertain, one.problems.length > 0]);
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  const sum = ([first]: StackTotals[]) => shown.reduce((all, op) => all + (first?.totals[op] ?? 0), 0);
  const sorted = [...rows.values()].sort((a, b) => sum(b) - sum(a));
  const lines = sorted.slice(0, room.rows).map((same) => {
    const possible = same[0]?.uncertain ? ` (${same[0].uncertain} only possible)` : "";
    const cells = shown.map((op) => `${same[0]?.totals[op] || ""}${op === "replace" ? possible : ""}`);
    const note = same[0]?.problems.length ? " (incomplete)" : sum(same) === 0 ? ": no changes" : "";
    return `| ${names(
      same.map(({ stack }) => stack),
      room,
      cellCode,
    )}${note} | ${cells.join(" | ")} |`;
  });
  const left = sorted.slice(room.rows).flat().length;
  if (left > 0) lines.push(`| ${count(left, "more tenant")} |${" |".repeat(shown.length)}`);
  const header = [`| Tenants | ${shown.join(" | ")} |`, `|---|${"--:|".repeat(shown.length)}`];
  return [...header, ...lines].join("\n");
}

function problems({ stacks, problems }: Summary, room: Room, artifact: string): string[] {
  const shown = problems.slice(0, room.texts);
  const blocks = shown.map(({ stacks: failed, texts }) => {
    const whose = whichTenants(failed, stacks.length, names(failed, room, code));
    const verb = failed.length === 1 ? "is" : "are";
    const lines = texts.flatMap((text) => text.split("\n"));
    return `**${capital(whose)} ${verb} incomplete:**\n\n${fenced(cut(lines, room, artifact).join("\n"), "")}`;
  });
  const left = new Set(problems.slice(room.texts).flatMap((one) => one.stacks));
  for (const { stacks: failed } of shown) for (const stack of failed) left.delete(stack);
  return left.size === 0
    ? blocks
    : [
        ...blocks,
        `_${count(left.size, blocks.length === 0 ? "tenant" : "more tenant")} incomplete; see ${plain(artifact)}._`,
      ];
}

function notes({ stacks, notes: all }: Summary, room: Room, artifact: string): string[] {
  const lines = all.slice(0, room.texts).map(({ stacks: noted, texts }) => {
    const whose = whichTenants(noted, stacks.length, names(noted, room, code));
    return `- ${capital(whose)}: ${plain(cut(texts, room, artifact).join(" "))}`;
  });
  const left = all.length - lines.length;
  if (left > 0)
    lines.push(`- ${count(left, lines.length === 0 ? "note" : "more note")} in ${plain(artifact)}`);
  return lines.length === 0 ? [] : [lines.join("\n")];
}

/** The whole lines that fit; if not even the first fits, its whole words. */
function cut(lines: readonly string[], { text: room }: Room, artifact: string): readonly string[] {
  let length = 0;
  const over = lines.findIndex((line) => {
    length += line.length + 1;
    return length - 1 > room;
  });
  if (over < 0) return lines;
  const [first = ""] = lines;
  const words = first.slice(0, room + 1).replace(/(?:\s+|^)\S*$/, "");
  const shown = over > 0 ? lines.slice(0, over) : [words === "" ? "…" : `${words} …`];
  const left = lines.length - shown.length;
  return left === 0 ? shown : [...shown, `… ${count(left, "more line")} in ${artifact}`];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** In a short summary, many new resources are listed by title: their values are in their files anyway. */
function sectionParts(section: Section, { stacks }: Summary, room: Room, artifact: string): Part[] {
  const { stacks: own, changes } = section;
  const heading = `### ${sectionTitle(own, stacks.length, names(own, room, code))}`;
  const short = room !== unlimited;
  const listed = short ? manyNew(changes) : [];
  const detailed = changes.filter((change) => !listed.includes(change));
  return [
    ...detailed.map((change) => part(heading, change, room, artifact)),
    ...(listed.length === 0 ? [] : [newResources(heading, listed, room, artifact)]),
    ...(short || section.names === undefined ? [] : [ownNames(heading, own, section.names)]),
  ];
}

/** Titles by kind, and what the steps among them do. */
function newResources(heading: string, changes: readonly SharedChange[], room: Room, artifact: string): Part {
  const byKind = new Map<string, string[]>();
  for (const { step } of changes) {
    const kind = `${step.op === "import" ? "taken over, " : ""}${kindOf({ ...step, name: "" }).trim()}`;
    byKind.set(kind, [...(byKind.get(kind) ?? []), step.name]);
  }
  const title = `**${count(changes.length, "new resource")}**; their values are in ${plain(artifact)}.`;
  const list = [...byKind].map(([kind, of]) => `- ${plain(kind)}: ${of.map(code).join(", ")}`).join("\n");
  const means = changes.flatMap(({ meaning }) => quoted(meaning, room, artifact)).join("\n>\n");
  return {
    heading,
    full: [title, ...(means === "" ? [] : [means]), list].join("\n\n"),
    brief: title,
    changes: changes.length,
  };
}

/** What the placeholders of a section stand for, tenant by tenant. */
function ownNames(heading: string, stacks: readonly string[], names: NonNullable<Section["names"]>): Part {
  const placeholders = Object.keys(names);
  const header = [
    `| Tenant | ${placeholders.map((name) => cellCode(`‹${name}›`)).join(" | ")} |`,
    `|---|${"---|".repeat(placeholders.length)}`,
  ];
  const rows = stacks.map((stack, index) => {
    const cells = placeholders.map((name) => cellCode(names[name]?.[index] ?? ""));
    return `| ${[cellCode(stack), ...cells].join(" | ")} |`;
  });
  const full = folded("The tenants' own names", [...header, ...rows].join("\n"));
  return { heading, full, brief: full, changes: 0 };
}

function part(heading: string, change: SharedChange, room: Room, artifact: string): Part {
  const { step, meaning } = change;
  const title = [
    `**${signs[step.op]} ${verb(step)}** ${plain(kindOf(step))}${code(step.name)}`,
    ...(step.file === undefined ? [] : [code(step.file)]),
  ].join(", ");
  const means = quoted(meaning, room, artifact);
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

/** The meaning of a change, one line for each sentence. */
function quoted(meaning: Meaning | undefined, room: Room, artifact: string): string[] {
  if (meaning === undefined) return [];
  const sentences = sentencesOf(meaning);
  const lines = sentences
    .slice(0, room.texts)
    .map(({ text, severe }) => (severe ? `⚠️ **${plain(text)}**` : plain(text)));
  if (sentences.length > room.texts)
    lines.push(`_${count(sentences.length - room.texts, "more sentence")} in ${plain(artifact)}_`);
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
  const list = lines.map((change) => `- ${oneLine(change, code, step)}`).join("\n");
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

function names(stacks: readonly string[], room: Room, span: (text: string) => string): string {
  const shown = stacks.slice(0, room.names).map(span).join(", ");
  const left = stacks.length - room.names;
  return left > 0 ? `${shown} and ${left.toLocaleString("en-US")} more` : shown;
}
