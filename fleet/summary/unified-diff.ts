import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";
import type { PropertyChange } from "./model";

/** Lines around a difference. */
const CONTEXT = 3;

/** Two texts that differ in more lines than this are told as rewritten: comparing them takes time and nobody reads it. */
const MOST_DIFFERENCES = 4000;

/** A text change as a unified diff, without a line end at its end. */
export function unifiedDiff({ path, before, after }: PropertyChange): string {
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  const to = after === undefined ? "/dev/null" : `b/${path}`;
  const [old, now] = [withLineEnd(before), withLineEnd(after)];
  const options = { context: CONTEXT, maxEditLength: MOST_DIFFERENCES };
  const patch = structuredPatch(from, to, old, now, undefined, undefined, options);
  if (patch !== undefined) return formatPatch(patch, FILE_HEADERS_ONLY).trimEnd();
  return `--- ${from}\n+++ ${to}\n@@ rewritten: ${lines(old)} lines before, ${lines(now)} after @@`;
}

function withLineEnd(text = ""): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function lines(text: string): number {
  return text.split("\n").length - 1;
}
