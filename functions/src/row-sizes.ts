/** Bytes of a cell as JSON, its name included, before anything is known of it. */
const CELL_GUESS = 28;

/**
 * How large the rows of a dataset are as JSON, learnt from what this process has sent. A read that asks for as many rows as
 * fit need not be cancelled, which would throw away what the server has sent ahead. Nothing but that depends on it.
 */
export class RowSizes {
  readonly #bytes = new Map<string, number>();

  /** Bytes of a row, for a dataset of so many columns. */
  of(dataset: string, columns: number): number {
    return this.#bytes.get(dataset) ?? CELL_GUESS * (columns + 1);
  }

  learn(dataset: string, rows: number, bytes: number): void {
    if (rows > 0) this.#bytes.set(dataset, Math.max(bytes / rows, 1));
  }
}
