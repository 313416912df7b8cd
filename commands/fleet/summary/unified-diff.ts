import { structuredPatch } from "diff";
import type { PropertyChange, ResourceStep } from "./model";

/** Lines around a difference. */
const CONTEXT = 3;

/** Two texts that differ in more lines than this are shown as rewritten: the diff would take long and nobody would read it. */
const MOST_DIFFERENCES = 4000;

/**
 * A text change as a unified diff, without a final line end. Each hunk names the object or function that contains it.
 * @param step The resource: a property is shown with the resource's name, a file as git shows it.
 */
export function unifiedDiff(
  { path, before, after }: PropertyChange,
  { name, file }: Pick<ResourceStep, "name" | "file">,
): string {
  const side = (letter: string) => (path === file ? `${letter}/${path}` : `${name}: ${path}`);
  const from = before === undefined ? "/dev/null" : side("a");
  const to = after === undefined ? "/dev/null" : side("b");
  // Property values usually have no final line end, so only a change of it is shown.
  const showsLineEnd = before && after && isEnded(before) !== isEnded(after);
  const [old, now] = showsLineEnd ? [before, after] : [withLineEnd(before), withLineEnd(after)];
  const options = { context: CONTEXT, maxEditLength: MOST_DIFFERENCES };
  const patch = structuredPatch(from, to, old, now, undefined, undefined, options);
  const head = `--- ${from}\n+++ ${to}`;
  if (patch === undefined) {
    return `${head}\n@@ rewritten: ${countLines(old)} lines before, ${countLines(now)} after @@`;
  }
  const oldLines = old.split("\n");
  const hunks = patch.hunks.map(({ oldStart, oldLines: removed, newStart, newLines: added, lines }) => {
    const first = oldStart - 1 + lines.findIndex((line) => !line.startsWith(" "));
    const place = placeOf(oldLines, first);
    const ranges = `-${range(oldStart, removed)} +${range(newStart, added)}`;
    return [`@@ ${ranges} @@${place}`, ...lines].join("\n");
  });
  return [head, ...hunks].join("\n");
}

/** For an empty range, git gives the line before it. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

/** In JSON, the nearest `name` of the objects around the line (sorted keys put it first); otherwise the function. */
function placeOf(lines: readonly string[], index: number): string {
  let level = indent(lines[index] ?? "");
  for (let at = index - 1; at >= 0; at--) {
    const line = lines[at] ?? "";
    if (/^function /i.test(line)) return ` ${line.trim()}`;
    if (line.trim() === "" || indent(line) > level) continue;
    level = indent(line);
    const [, name] = /^ +"name": (".*?"),?$/.exec(line) ?? [];
    if (name !== undefined) return ` ${name}`;
  }
  return "";
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}

/** True for an empty text too: none of its lines lacks an end. */
function isEnded(text: string): boolean {
  return text === "" || text.endsWith("\n");
}

function withLineEnd(text = ""): string {
  return isEnded(text) ? text : `${text}\n`;
}

function countLines(text: string): number {
  return text.split("\n").length - (isEnded(text) ? 1 : 0);
}
