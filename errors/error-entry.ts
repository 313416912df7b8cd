/** One entry of the catalogue. Texts may hold `{placeholders}` that QtError fills. */
export interface ErrorEntry {
  /** What happened, in one sentence, naming the thing it happened to. */
  readonly what: string;
  /** What was not touched and need not be feared for. */
  readonly safe: string;
  /** The next command to run or the value to change. */
  readonly next: string;
}
