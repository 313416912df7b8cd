/** A fault that a rule found. */
export interface Fault {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly what: string;
}
