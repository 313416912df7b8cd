/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The target, if there is one. */
  readonly aim?: string;
}

/** Options of the command line; each benchmark uses those that concern it. */
export interface BenchOptions {
  readonly rows: number;
  /** Removed afterwards. */
  readonly folder: string;
  /** CSV snapshots of one dataset, in the order in which they are landed. */
  readonly files?: readonly string[];
  /** Key columns of `files`, and their declared types by header. */
  readonly key: readonly string[];
  readonly types: Readonly<Record<string, string>>;
  readonly loads: number;
}

/** Measures, and returns its figures. */
export type Benchmark = (options: BenchOptions) => Promise<Figure[]>;

/** The middle value; of an even number of values the upper of the two. NaN if there is none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
