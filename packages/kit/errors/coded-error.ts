import type { ErrorDetails, ErrorEntry } from "./error-entry";

/** An error's texts with their details; this is its form in JSON and between processes. */
export interface ErrorTexts {
  readonly code: string;
  readonly message: string;
  readonly safe: string;
  readonly next: string;
}

/** An error of any catalogue: what happened, what is safe, and the next command. {@link errorClass} makes the class for one catalogue. */
export class CodedError<Code extends string = string> extends Error {
  override readonly name: string = "CodedError";
  /** What is unaffected. */
  readonly safe: string;
  /** What to run or change next. */
  readonly next: string;

  /** @param texts of the entry, with their details filled in */
  constructor(
    readonly code: Code,
    texts: ErrorEntry,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(texts.what, options);
    this.safe = texts.safe;
    this.next = texts.next;
  }

  /** The error for people, in three parts. */
  format(): string {
    return `${this.code}: ${this.message}\n  Safe: ${this.safe}\n  Next: ${this.next}`;
  }

  /** The error for programs. */
  toJSON(): ErrorTexts {
    const { code, message, safe, next } = this;
    return { code, message, safe, next };
  }
}

/**
 * The error that another process sent in the form of `toJSON`. The texts are part of it, because the receiver need not know the
 * sender's catalogue or its host's phrases.
 * @throws TypeError if the value is not an error's texts
 */
export function reviveError(value: unknown): CodedError {
  const texts = (typeof value === "object" && value !== null ? value : {}) as Partial<ErrorTexts>;
  const { code, message, safe, next } = texts;
  if (!isText(code) || !isText(message) || !isText(safe) || !isText(next))
    throw new TypeError(`This is not an error's code and texts: ${JSON.stringify(value)}`);
  return new CodedError(code, { what: message, safe, next });
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
