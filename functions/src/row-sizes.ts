/** The first guess for the bytes of a cell as JSON, including its name. */
const CELL_GUESS = 28;

/**
 * The average size of each dataset's rows as JSON, learnt from what this process has sent. With it, a read asks for as many rows as
 * fit, and need not be cancelled, which would discard what the server has already sent. Nothing else depends on it.
 */
export class RowSizes {
  readonly #bytes = new Map<string, number>();

  /** Bytes of a row, for a dataset with that number of columns. */
  of(dataset: string, columns: number): number {
    return this.#bytes.get(dataset) ?? CELL_GUESS * (columns + 1);
  }

  learn(dataset: string, rows: number, bytes: number): void {
    if (rows > 0) this.#bytes.set(dataset, Math.max(bytes / rows, 1));
  }
}
