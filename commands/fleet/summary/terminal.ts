import { styleText } from "node:util";
import { count } from "./count";
import { sentencesOf } from "./meaning";
import { type Operation, operations } from "./model";
import type { SharedChange, SharedTexts, Summary } from "./summarise";
import {
  diffs,
  headline,
  kindOf,
  manyNew,
  oneLine,
  sectionTitle,
  signs,
  unchanged,
  verb,
  visibleText,
  whichTenants,
} from "./words";

export interface TerminalOptions {
  /** True for colours, only if the output is a terminal. */
  readonly colour?: boolean;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const styles: Readonly<Record<Operation, Style>> = {
  delete: "red",
  replace: "magenta",
  update: "yellow",
  create: "green",
  import: "cyan",
};

/** The summary as people read it in a terminal; ends with a line end. */
export function renderTerminal(summary: Summary, { colour = false }: TerminalOptions = {}): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const lines = [paint("bold", headline(summary))];
  for (const { stack, totals, uncertain } of summary.stacks) {
    const parts = operations
      .filter((op) => totals[op] > 0)
      .map((op) => {
        const possible = op === "replace" && uncertain > 0 ? ` (${uncertain} only possible)` : "";
        return paint(styles[op], `${count(totals[op], op)}${possible}`);
      });
    if (parts.length > 0) lines.push(`  ${stack}: ${parts.join(", ")}`);
  }
  const list = ({ stacks, texts }: SharedTexts, style: Style) => {
    const whose = whichTenants(stacks, summary.stacks.length, stacks.join(", "));
    for (const text of texts) lines.push(...indent(paint(style, `${whose}: ${visibleText(text)}`), 2));
  };
  for (const problems of summary.problems) list(problems, "red");
  for (const notes of summary.notes) list(notes, "dim");
  const same = unchanged(summary);
  if (same.length > 0 && same.length < summary.stacks.length) {
    lines.push(`  no changes: ${same.join(", ")}`);
  }
  for (const { stacks, changes } of summary.sections) {
    const title = sectionTitle(stacks, summary.stacks.length, stacks.join(", "));
    lines.push("", paint("bold", title));
    const listed = manyNew(changes);
    for (const change of changes) lines.push(...changeLines(change, paint, listed.includes(change)));
  }
  return `${lines.join("\n")}\n`;
}

/** @param isBrief True for only the title and the meaning. */
function changeLines({ step, meaning }: SharedChange, paint: Paint, isBrief: boolean): string[] {
  const file = step.file === undefined ? "" : ` (${visibleText(step.file)})`;
  const title = `${signs[step.op]} ${verb(step)} ${kindOf(step)}${visibleText(step.name)}${file}`;
  const lines = [`  ${paint(styles[step.op], title)}`];
  for (const { text, severe } of meaning ? sentencesOf(meaning) : [])
    lines.push(`      ${paint(severe ? ["bold", "red"] : "dim", visibleText(text))}`);
  if (isBrief) return lines;
  const values = step.changes.filter(({ form }) => form !== "text");
  const isNew = step.op === "create" || step.op === "import";
  if (isNew && values.length > 0) lines.push(`      ${count(values.length, "value")}`);
  else for (const change of values) lines.push(`      ${oneLine(change, visibleText, step)}`);
  for (const diff of diffs(step))
    lines.push(...diff.split("\n").map((line) => `      ${diffLine(line, paint)}`));
  return lines;
}

function diffLine(line: string, paint: Paint): string {
  const text = visibleText(line);
  if (/^(---|\+\+\+) /.test(text)) return paint("bold", text);
  if (text.startsWith("@@")) return paint("cyan", text);
  if (text.startsWith("+")) return paint("green", text);
  return text.startsWith("-") ? paint("red", text) : text;
}

function indent(text: string, by: number): string[] {
  return text.split("\n").map((line) => `${" ".repeat(by)}${line}`);
}
