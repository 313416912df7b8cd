import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { QtError } from "../../errors/qt-error";
import { fleetCommand, type TenantOutcome, type Verb } from "./outcome";
import { renderMarkdown, renderTerminal, type Summary, summarise, toJson } from "./summary";
import { maskPair } from "./summary/mask";
import { visibleText } from "./summary/words";

export interface ReportFiles {
  readonly markdown?: string | undefined;
  readonly commentLimit: number;
  readonly artifact?: string | undefined;
}

/**
 * Creates the folders of the files and checks that the files can be written: after a deployment it is too late.
 * @throws QtError QT9516 if one cannot be written.
 */
export function checkReportFiles({ markdown, artifact }: ReportFiles): void {
  for (const [option, file] of Object.entries({ "--markdown": markdown, "--artifact": artifact })) {
    if (file === undefined) continue;
    const isNew = !existsSync(file);
    try {
      mkdirSync(dirname(file), { recursive: true });
      closeSync(openSync(file, "a"));
    } catch (error) {
      throw new QtError("QT9516", { file, option, reason: (error as Error).message });
    }
    // A file is left only if there is something to report.
    if (isNew) rmSync(file);
  }
}

/** The summary of every tenant that was started. */
export function summaryOf(outcomes: readonly TenantOutcome[]): Summary {
  return summarise(outcomes.filter(({ status }) => status !== "not started").map(({ changes }) => changes));
}

/** Writes the summary that fits a comment, and the complete one. */
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
    outputs: shownOutputs(outputs),
    next,
  }));
  const summary: unknown = JSON.parse(toJson(summaryOf(outcomes)));
  return `${JSON.stringify({ verb, tenants, summary }, null, 2)}\n`;
}

export interface TextOptions {
  readonly isLocal: boolean;
  readonly colour: boolean;
}

/** For people: the changes, then what is left to do for each tenant. */
export function textReport(
  verb: Verb,
  outcomes: readonly TenantOutcome[],
  { isLocal, colour }: TextOptions,
): string {
  const changes = () =>
    `${renderTerminal(summaryOf(outcomes), { colour })}${afterDrift(verb, outcomes, isLocal)}`;
  const body = verb === "outputs" ? outputsText(outcomes) : changes();
  const left = outcomes.filter(({ status }) => status !== "done");
  if (left.length === 0) return body;
  const isBegun = outcomes.some(({ status }) => status !== "not started");
  const lines = left.map(({ tenant, status, next }) => {
    const then = next === undefined ? "" : `; next: ${next}`;
    return `  ${tenant}: ${status}${then}`;
  });
  const done = outcomes.length - left.length;
  const resume =
    verb === "up" || verb === "destroy"
      ? `\nTo continue with the rest: ${fleetCommand(verb, isLocal, "--resume")}`
      : "";
  return `${isBegun ? `${body}\n` : ""}${done} of ${outcomes.length} done. Left:\n${lines.join("\n")}${resume}\n`;
}

/** What to do about drift. */
function afterDrift(verb: Verb, outcomes: readonly TenantOutcome[], isLocal: boolean): string {
  const found = outcomes.filter(({ changes }) => changes.steps.length > 0).map(({ tenant }) => tenant);
  if (verb !== "drift" || found.length === 0) return "";
  const back = fleetCommand("up", isLocal, "--refresh", "--tenant", found.join(","));
  return `\nTo put it back: ${back}\nTo keep it: change the program or the tenant's settings accordingly, then run the same command.\n`;
}

/** The outputs without values whose name or form shows that they are secret, even if the program did not mark them. */
function shownOutputs(outputs: TenantOutcome["outputs"]): TenantOutcome["outputs"] {
  return outputs && maskPair("", outputs, {}, new Set())[0];
}

function outputsText(outcomes: readonly TenantOutcome[]): string {
  const blocks = outcomes.map(({ tenant, outputs, changes }) => {
    const lines = Object.entries(shownOutputs(outputs) ?? {}).map(
      ([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    return [tenant, ...[...lines, ...changes.problems].map((line) => `  ${visibleText(line)}`)].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}
