import { outcomeText, type TenantOutcome } from "./outcome";
import type { RunEvent } from "./run";
import { visibleText } from "./summary/words";

/** Shows the progress of a run. */
export interface Board {
  show(event: RunEvent): void;
  /** Draws for the last time. */
  end(): void;
}

const signs = { done: "✓", failed: "✗", stopped: "■", "not started": "·" } as const;

/** True if lines can be redrawn in place on the stream. */
export function isLiveTerminal(
  { isTTY }: Pick<NodeJS.WriteStream, "isTTY">,
  env: NodeJS.ProcessEnv,
): boolean {
  return isTTY && !env.CI && env.TERM !== "dumb";
}

/** Prints one line for each tenant when it has ended. */
export function plainBoard(print: (line: string) => void): Board {
  return {
    show(event) {
      if (event.kind === "note") print(visibleText(event.text));
      if (event.kind === "ended" && event.outcome.status !== "not started") print(endedLine(event.outcome));
    },
    end() {},
  };
}

export function endedLine(outcome: TenantOutcome): string {
  const { tenant, status, durationMs } = outcome;
  return `${signs[status]} ${tenant}: ${visibleText(outcomeText(outcome))} (${(durationMs / 1000).toFixed(1)} s)`;
}

const REDRAW_MS = 100;

/** Redraws one line for each tenant, with the current step of running ones. Lines that do not fit are only counted. */
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
      if (event.kind === "progress") put(event.tenant, `▸ ${event.tenant}: ${oneLine(event.text)}`);
      if (event.kind === "ended") put(event.outcome.tenant, endedLine(event.outcome));
      if (event.kind === "note") {
        stream.write(`${drawn > 0 ? `\u001b[${drawn}A\u001b[J` : ""}${visibleText(event.text)}\n`);
        drawn = 0;
        isDirty = true;
        draw();
      }
    },
    end() {
      clearInterval(timer);
      draw();
    },
  };
}

/** As many lines as fit, cut to the width of the terminal. Running and failed tenants come first. */
export function fitting(lines: readonly string[], rows: number, columns: number): string[] {
  const cut = lines.map((line) => (widthOf(line) < columns ? line : `${cutAt(line, columns - 2)}…`));
  const room = Math.max(3, rows - 2);
  if (cut.length <= room) return cut;
  const first = cut.filter((line) => /^[▸✗■]/.test(line)).slice(0, room - 1);
  const others = cut.filter((line) => !first.includes(line)).slice(0, room - 1 - first.length);
  const shown = cut.filter((line) => first.includes(line) || others.includes(line));
  return [...shown, `  … and ${cut.length - shown.length} more`];
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{3fffd}]/u;

/** Width in terminal columns; Chinese characters and emoji take two. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

function cutAt(text: string, columns: number): string {
  const characters = [...text];
  while (widthOf(characters.join("")) > columns) characters.pop();
  return characters.join("");
}

function oneLine(text: string): string {
  return visibleText(text).replace(/\s+/g, " ");
}
