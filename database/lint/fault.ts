/** What a rule found. */
export interface Fault {
  /** From 1, in the file. */
  readonly line: number;
  readonly what: string;
}
