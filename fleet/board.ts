import { outcomeText, type TenantOutcome } from "./outcome";
import type { RunEvent } from "./run";

/** Where the progress of a run is shown. */
export interface Board {
  show(event: RunEvent): void;
  /** Ends the drawing; what is shown then stays. */
  end(): void;
}

const signs = { done: "✓", failed: "✗", stopped: "■", "not started": "·" } as const;

/** A line a tenant, once it is done. */
export function plainBoard(print: (line: string) => void): Board {
  return {
    show(event) {
      if (event.kind === "note") print(event.text);
      if (event.kind === "ended" && event.outcome.status !== "not started") print(endedLine(event.outcome));
    },
    end() {},
  };
}

export function endedLine(outcome: TenantOutcome): string {
  const { tenant, status, durationMs } = outcome;
  return `${signs[status]} ${tenant}: ${outcomeText(outcome)} (${(durationMs / 1000).toFixed(1)} s)`;
}

const REDRAW_MS = 100;

/** A line a tenant, drawn in place: running ones with what they are at. Where the terminal is too low, the rest is counted. */
export function liveBoard(tenants: readonly string[], stream: NodeJS.WriteStream): Board {
  const lines = new Map(tenants.map((tenant) => [tenant, `  ${tenant}`]));
  let drawn = 0;
  let isDirty = true;
  const draw = () => {
    if (!isDirty) return;
    isDirty = false;
    const shown = fitting([...lines.values()], stream.rows || 24, stream.columns || 80);
    const up = drawn > 0 ? `\u001b[${drawn}A` : "";
    stream.write(`${up}\u001b[J${shown.map((line) => `${line}\n`).join("")}`);
    drawn = shown.length;
  };
  const timer = setInterval(draw, REDRAW_MS);
  const put = (tenant: string, line: string) => {
    lines.set(tenant, line);
    isDirty = true;
  };
  return {
    show(event) {
      if (event.kind === "started") put(event.tenant, `▸ ${event.tenant}`);
      if (event.kind === "progress") put(event.tenant, `▸ ${event.tenant}: ${event.text}`);
      if (event.kind === "ended") put(event.outcome.tenant, endedLine(event.outcome));
      if (event.kind === "note") {
        stream.write(`${drawn > 0 ? `\u001b[${drawn}A\u001b[J` : ""}${event.text}\n`);
        drawn = 0;
        isDirty = true;
      }
    },
    end() {
      clearInterval(timer);
      draw();
    },
  };
}

/** As many lines as there is room for, none longer than the terminal is wide: those at work and failed come first. */
export function fitting(lines: readonly string[], rows: number, columns: number): string[] {
  const cut = lines.map((line) => (line.length < columns ? line : `${line.slice(0, columns - 2)}…`));
  const room = Math.max(3, rows - 2);
  if (cut.length <= room) return cut;
  const first = cut.filter((line) => /^[▸✗■]/.test(line)).slice(0, room - 1);
  const others = cut.filter((line) => !first.includes(line)).slice(0, room - 1 - first.length);
  const shown = cut.filter((line) => first.includes(line) || others.includes(line));
  return [...shown, `  … and ${cut.length - shown.length} more`];
}
