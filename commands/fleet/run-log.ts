import type { Verb } from "./outcome";
import { changesFromEvents, readEventLog, type StackChanges } from "./summary";

/** The contents of a run's event log. */
export interface RunLog {
  /** For `up` and `destroy` what was done; for other commands what would be. */
  readonly changes: StackChanges;
  /** Number of lines that could not be read. */
  readonly unreadable: number;
  /** True if no step was started: it ended during or after its preview. */
  readonly isPreviewOnly: boolean;
}

interface PhaseMarks {
  readonly resourcePreEvent?: { readonly planning?: boolean };
  readonly resOutputsEvent?: { readonly planning?: boolean };
  readonly resOpFailedEvent?: { readonly planning?: boolean };
  readonly summaryEvent?: { readonly isPreview?: boolean };
}

/**
 * Reads the event log of a run, which may be cut anywhere: a killed Pulumi leaves half a line. `up` and `destroy` begin with a
 * preview, whose steps do not count as done. Pulumi 3.259 starts the log again after it, which is not documented.
 */
export function readRunLog(verb: Verb, tenant: string, text: string): RunLog {
  const all = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const lines = readableLines(all, tenant);
  const rest = { unreadable: all.length - lines.length };
  const phases = lines.map(phaseOf);
  const lastPreview = phases.lastIndexOf("preview");
  const isDoing = verb === "up" || verb === "destroy";
  if (!isDoing || lastPreview < 0) return { changes: read(lines, tenant), isPreviewOnly: false, ...rest };
  const isPreviewOnly = !phases.includes("update");
  const changes = read(isPreviewOnly ? lines : lines.slice(lastPreview + 1), tenant);
  return { changes: isPreviewOnly ? { ...changes, steps: [] } : changes, isPreviewOnly, ...rest };
}

function read(lines: readonly string[], tenant: string): StackChanges {
  if (lines.length === 0) return changesFromEvents([], { stack: tenant });
  return readEventLog(lines.join("\n"), { stack: tenant });
}

/** Usually all lines; if the log is broken, those that can be read individually. */
function readableLines(lines: readonly string[], tenant: string): readonly string[] {
  const isReadable = (text: string) => {
    try {
      readEventLog(text, { stack: tenant });
      return true;
    } catch {
      return false;
    }
  };
  return isReadable(lines.join("\n")) ? lines : lines.filter(isReadable);
}

/** The phase of an event; diagnostics have none. */
function phaseOf(line: string): "preview" | "update" | undefined {
  const event = JSON.parse(line) as PhaseMarks;
  const step = event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent;
  if (step !== undefined) return step.planning ? "preview" : "update";
  if (event.summaryEvent !== undefined) return event.summaryEvent.isPreview ? "preview" : "update";
  return undefined;
}
