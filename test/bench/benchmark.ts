/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What was aimed for, where something was. */
  readonly aim?: string;
}

/** What the command line says; each benchmark takes what concerns it. */
export interface BenchOptions {
  readonly rows: number;
  /** Removed afterwards. */
  readonly folder: string;
  /** CSV snapshots of one dataset, in the order they land. */
  readonly files?: readonly string[];
  /** Key columns of `files`, and their declared types by header. */
  readonly key: readonly string[];
  readonly types: Readonly<Record<string, string>>;
  readonly loads: number;
}

/** Measures, and gives its figures. */
export type Benchmark = (options: BenchOptions) => Promise<Figure[]>;
