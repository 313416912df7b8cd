import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { nameOf } from "../../packages/kit/urn";

const LOOK_MS = 250;

interface StepEvent {
  readonly resourcePreEvent: {
    /** True in a preview. */
    readonly planning?: boolean;
    readonly metadata: { readonly op: string; readonly urn: string };
  };
}

/**
 * Follows the event log that Pulumi writes and starts again after a preview. `onStep` gets the current step: `update QT_fetch_data`.
 * @returns A function that ends it.
 */
export function tailEventLog(file: string, onStep: (text: string) => void): () => void {
  const look = eventLogReader(file, onStep);
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}

/** Returns a function that reports the steps since its last call. */
export function eventLogReader(file: string, onStep: (text: string) => void): () => void {
  let read = 0;
  let rest = "";
  let decoder = new StringDecoder("utf8");
  return () => {
    const { chunk, isRestarted } = readFrom(file, read);
    if (isRestarted) {
      read = 0;
      rest = "";
      decoder = new StringDecoder("utf8");
    }
    read += chunk.length;
    const lines = `${rest}${decoder.write(chunk)}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const step = stepText(line);
      if (step !== undefined) onStep(step);
    }
  };
}

function readFrom(file: string, position: number): { readonly chunk: Buffer; readonly isRestarted: boolean } {
  try {
    const descriptor = openSync(file, "r");
    try {
      const isRestarted = fstatSync(descriptor).size < position;
      const buffer = Buffer.alloc(1 << 20);
      const bytes = readSync(descriptor, buffer, 0, buffer.length, isRestarted ? 0 : position);
      return { chunk: buffer.subarray(0, bytes), isRestarted };
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Pulumi creates the file shortly after its start.
    return { chunk: Buffer.alloc(0), isRestarted: false };
  }
}

/** An event in words, such as `preview update group`; undefined if it is not about work on a resource. */
export function stepText(line: string): string | undefined {
  if (!line.includes('"resourcePreEvent"')) return undefined;
  try {
    const { planning, metadata } = (JSON.parse(line) as StepEvent).resourcePreEvent;
    const { op, urn } = metadata;
    if (op === "same") return undefined;
    return `${planning ? "preview " : ""}${op} ${nameOf(urn)}`;
  } catch {
    return undefined;
  }
}
