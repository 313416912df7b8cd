import { stripVTControlCharacters } from "node:util";
import type { z } from "zod";
import { QtError } from "../../../errors/qt-error";
import { nameOf, stackOf } from "../../../packages/kit/urn";
import {
  digestSchema,
  type EngineStep,
  eventSchema,
  fromDigest,
  fromEvent,
  type PolicyViolation,
} from "./engine-step";
import { withoutKnownDrift } from "./known-drift";
import type { StackChanges } from "./model";
import { stackChanges } from "./stack-changes";

export interface ReadOptions {
  /** The stack's name, for a preview without resources. */
  readonly stack?: string;
  /** The name of the text in errors, for instance its file. */
  readonly source?: string;
}

/** The problem of a run whose engine did not finish. */
export const CUT_SHORT = "It did not finish.";

/**
 * Reads the output of `pulumi preview --json` (also of `refresh` and `destroy`).
 * @throws QtError QT9501 if it is something else, QT9503 if it does not describe exactly one stack.
 */
export function readPreviewJson(text: string, options: ReadOptions = {}): StackChanges {
  const source = options.source ?? "The text";
  const digest = digestSchema.safeParse(parse(text, (reason) => new QtError("QT9501", { source, reason })));
  if (!digest.success) throw new QtError("QT9501", { source, reason: firstIssue(digest.error) });
  const { steps, diagnostics, changeSummary } = digest.data;
  const problems = (diagnostics ?? []).flatMap(({ severity, message }) => problem(severity, message));
  const ended = changeSummary ?? undefined;
  return whole(steps?.map(fromDigest) ?? [], problems, ended !== undefined, source, options.stack);
}

/**
 * Reads an event log of the engine (`--event-log`), with one event per line.
 * @throws QtError QT9502 if a line is something else, QT9503 if it does not describe exactly one stack.
 */
export function readEventLog(text: string, options: ReadOptions = {}): StackChanges {
  const source = options.source ?? "The text";
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const events = lines
    .filter(({ line }) => line !== "")
    .map(({ line, number }) =>
      parse(line, (reason) => new QtError("QT9502", { source, line: number, reason })),
    );
  return changesFromEvents(events, options);
}

/**
 * Reads the events that the Automation API passed to `onEvent`.
 * @param events `EngineEvent`s in the order of their arrival.
 * @throws QtError QT9502 if one is something else, QT9503 if they do not describe exactly one stack.
 */
export function changesFromEvents(events: readonly unknown[], options: ReadOptions = {}): StackChanges {
  const source = options.source ?? "The list";
  const steps: EngineStep[] = [];
  const refreshed: EngineStep[] = [];
  const problems: string[] = [];
  const notes: string[] = [];
  let ended = false;
  for (const [index, one] of events.entries()) {
    const event = eventSchema.safeParse(one);
    if (!event.success) {
      throw new QtError("QT9502", { source, line: index + 1, reason: firstIssue(event.error) });
    }
    const {
      resourcePreEvent,
      resOutputsEvent,
      resOpFailedEvent,
      diagnosticEvent,
      policyEvent,
      summaryEvent,
    } = event.data;
    if (resourcePreEvent) steps.push(fromEvent(resourcePreEvent.metadata));
    if (resOutputsEvent) refreshed.push(fromEvent(resOutputsEvent.metadata));
    if (resOpFailedEvent) {
      const { op, urn } = resOpFailedEvent.metadata;
      problems.push(`${op} ${nameOf(urn)} failed`);
    }
    if (diagnosticEvent && !diagnosticEvent.ephemeral) {
      problems.push(...problem(diagnosticEvent.severity, diagnosticEvent.message));
    }
    if (policyEvent) (isMandatory(policyEvent) ? problems : notes).push(...violation(policyEvent));
    if (summaryEvent) ended = true;
  }
  return whole(withDrift(steps, refreshed), problems, ended, source, options.stack, notes);
}

/** A refresh reports only afterwards what it found; what is known to differ is no change. */
function withDrift(steps: readonly EngineStep[], refreshed: readonly EngineStep[]): EngineStep[] {
  const found = new Map(refreshed.map((step) => [step.urn, withoutKnownDrift(step)]));
  return steps.map((step) => (step.op === "refresh" ? (found.get(step.urn) ?? step) : step));
}

function whole(
  steps: readonly EngineStep[],
  problems: readonly string[],
  ended: boolean,
  source: string,
  given: string | undefined,
  notes: readonly string[] = [],
): StackChanges {
  const stacks = [...new Set(steps.map(({ urn }) => stackOf(urn)))];
  const [stack = given, another] = stacks;
  if (stack === undefined || another !== undefined || (given !== undefined && stack !== given)) {
    const found = [...stacks, ...(given === undefined ? [] : [given])].sort();
    throw new QtError("QT9503", { source, found: found.join(", ") || "none" });
  }
  const reported = ended || problems.length > 0 ? problems : [CUT_SHORT];
  return stackChanges(stack, steps, reported, notes);
}

/** Errors make a preview incomplete. */
function problem(severity: string | null | undefined, message: string | null | undefined): string[] {
  const text = colourless(message ?? "");
  return severity === "error" && text !== "" ? [text] : [];
}

function isMandatory({ enforcementLevel }: PolicyViolation): boolean {
  return enforcementLevel === "mandatory";
}

function violation(policy: PolicyViolation): string[] {
  const { policyPackName, policyName, enforcementLevel, resourceUrn, message } = policy;
  if (enforcementLevel === "disabled" || enforcementLevel === "none") return [];
  const by = resourceUrn ? ` by ${nameOf(resourceUrn)}` : "";
  const what = `The ${enforcementLevel} policy ${policyPackName}/${policyName} is violated${by}`;
  return [`${what}: ${colourless(message)}`];
}

/** The engine marks colours as `<{%fg 1%}>`; what a program prints has a terminal's own, whatever `--color` says. */
function colourless(text: string): string {
  return stripVTControlCharacters(text.replace(/<\{%.*?%\}>/g, "")).trim();
}

function parse(text: string, failure: (reason: string) => QtError): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats the text, which may hold secrets.
    throw failure("it is not JSON");
  }
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.join(".") ?? "";
  return `${path === "" ? "" : `${path}: `}${issue?.message ?? "it has another form"}`;
}
