import type { ErrorDetails } from "./error-entry";

/**
 * Replaces `{name}` with the detail of that name, and `{count mistake(s)}` with the number and its noun. An unknown name stays visible,
 * so that tests find it.
 */
export function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)(?: (\w+)\(s\))?\}/g, (whole, name: string, noun?: string) => {
    const value = details[name];
    if (value === undefined) return whole;
    return noun === undefined ? String(value) : `${value} ${noun}${value === 1 ? "" : "s"}`;
  });
}
