import { catalogue, type ErrorCode } from "./catalogue";

/** Values that fill the `{placeholders}` of a catalogue entry's texts. Never pass a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/** An error of the catalogue: what happened, what is safe, and the next command. */
export class QtError extends Error {
  override readonly name = "QtError";
  /** What the failure did not touch. */
  readonly safe: string;
  /** What to run or change next. */
  readonly next: string;

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(fill(catalogue[code].what, details), options);
    this.safe = fill(catalogue[code].safe, details);
    this.next = fill(catalogue[code].next, details);
  }

  /** The error as people read it: four short lines. */
  format(): string {
    return `${this.code}: ${this.message}\n  Safe: ${this.safe}\n  Next: ${this.next}`;
  }
}

/**
 * Replaces `{name}` by the detail of that name, and `{count mistake(s)}` by the number with its noun; an unknown name stays visible,
 * so that tests catch it.
 */
export function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)(?: (\w+)\(s\))?\}/g, (whole, name: string, noun?: string) => {
    const value = details[name];
    if (value === undefined) return whole;
    return noun === undefined ? String(value) : `${value} ${noun}${value === 1 ? "" : "s"}`;
  });
}
