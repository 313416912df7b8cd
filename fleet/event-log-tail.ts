import { closeSync, openSync, readSync } from "node:fs";

const LOOK_MS = 250;

/** Follows the event log that Pulumi writes. `onStep` gets what a stack is at: `update QT_fetch_data`. */
export function tailEventLog(file: string, onStep: (text: string) => void): () => void {
  let read = 0;
  let rest = "";
  const look = () => {
    const { text, bytes } = readFrom(file, read);
    read += bytes;
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const step = stepText(line);
      if (step !== undefined) onStep(step);
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}

function readFrom(file: string, position: number): { readonly text: string; readonly bytes: number } {
  try {
    const descriptor = openSync(file, "r");
    try {
      const buffer = Buffer.alloc(1 << 20);
      const bytes = readSync(descriptor, buffer, 0, buffer.length, position);
      return { text: buffer.toString("utf8", 0, bytes), bytes };
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Pulumi makes it a moment after its start.
    return { text: "", bytes: 0 };
  }
}

/** What an event says to people; undefined where it is not about work on a resource. */
export function stepText(line: string): string | undefined {
  if (!line.includes('"resourcePreEvent"')) return undefined;
  try {
    const { op, urn } = (JSON.parse(line) as { resourcePreEvent: { metadata: { op: string; urn: string } } })
      .resourcePreEvent.metadata;
    return op === "same" ? undefined : `${op} ${urn.split("::").slice(3).join("::")}`;
  } catch {
    return undefined;
  }
}
