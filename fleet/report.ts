import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { TenantOutcome, Verb } from "./outcome";
import { renderMarkdown, renderTerminal, type Summary, summarise, toJson } from "./summary";

export interface ReportFiles {
  readonly markdown?: string | undefined;
  readonly commentLimit: number;
  readonly artifact?: string | undefined;
}

/** Of every tenant that was looked at; one that was not begun has nothing to tell. */
export function summaryOf(outcomes: readonly TenantOutcome[]): Summary {
  return summarise(outcomes.filter(({ status }) => status !== "not started").map(({ changes }) => changes));
}

/** Writes the summary: one that fits a comment, and the whole. */
export function writeReports(outcomes: readonly TenantOutcome[], files: ReportFiles): void {
  const summary = summaryOf(outcomes);
  if (files.markdown !== undefined)
    write(files.markdown, renderMarkdown(summary, { limit: files.commentLimit }));
  if (files.artifact !== undefined) write(files.artifact, renderMarkdown(summary));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** For machines: `{ verb, tenants: [{ tenant, status, durationMs, outputs?, next? }], summary }`. */
export function jsonReport(verb: Verb, outcomes: readonly TenantOutcome[]): string {
  const tenants = outcomes.map(({ tenant, status, durationMs, outputs, next }) => ({
    tenant,
    status,
    durationMs,
    outputs,
    next,
  }));
  const summary: unknown = JSON.parse(toJson(summaryOf(outcomes)));
  return `${JSON.stringify({ verb, tenants, summary }, null, 2)}\n`;
}

/** For people: the changes, and then, by tenant, what is left to do. */
export function textReport(verb: Verb, outcomes: readonly TenantOutcome[], colour: boolean): string {
  const body = verb === "outputs" ? outputsText(outcomes) : renderTerminal(summaryOf(outcomes), { colour });
  const left = outcomes.filter(({ status }) => status !== "done");
  if (left.length === 0) return body;
  const isBegun = outcomes.some(({ status }) => status !== "not started");
  const lines = left.map(({ tenant, status, next }) => {
    const then = next === undefined ? "" : `; next: ${next}`;
    return `  ${tenant}: ${status}${then}`;
  });
  const done = outcomes.length - left.length;
  const resume =
    verb === "up" || verb === "destroy" ? `\nThe rest, later: npm run fleet -- ${verb} --resume` : "";
  return `${isBegun ? `${body}\n` : ""}${done} of ${outcomes.length} done. Left:\n${lines.join("\n")}${resume}\n`;
}

function outputsText(outcomes: readonly TenantOutcome[]): string {
  const blocks = outcomes.map(({ tenant, outputs = {}, changes }) => {
    const lines = Object.entries(outputs).map(
      ([name, value]) => `  ${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    return [tenant, ...lines, ...changes.problems.map((problem) => `  ${problem}`)].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}
