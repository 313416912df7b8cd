import { mix } from "./draw";

/** In each block of this many rows a generation deletes one row and changes two: 0.5 % and 1 %. */
const blockRows = 200;

/** The effect of all generations up to the requested one. */
export interface Change {
  /** Row indexes run from 0 to end − 1, deleted rows included. */
  readonly end: number;
  /** Rows that are not deleted. */
  readonly rows: number;
  /** The effect of the last generation alone. */
  readonly changed: number;
  readonly deleted: number;
  readonly added: number;
  readonly changedIndexes: readonly number[];
  /** How often the row has changed so far; −1 if it was deleted. */
  revision(index: number): number;
}

/**
 * Plays the generations on a table of revisions: one byte per row, so a million rows take a megabyte.
 * @throws RangeError if a number is negative or not whole, or the generation is above 100.
 */
export function changesOf(options: { seed: number; rows: number; generation: number }): Change {
  const { seed, rows, generation } = options;
  for (const [name, value] of Object.entries({ seed, rows, generation })) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${name} must be a whole number, got ${value}`);
  }
  if (generation > 100) throw new RangeError(`generation must be at most 100, got ${generation}`);
  const addedEach = rows === 0 ? 0 : Math.max(1, Math.floor(rows / blockRows));
  const revisions = new Int8Array(rows + generation * addedEach);
  let end = rows;
  let alive = rows;
  let last = { deleted: 0, changedIndexes: [] as number[] };
  for (let g = 1; g <= generation; g++) {
    last = playGeneration(revisions, end, mix(seed, g, 0x9e4));
    alive += addedEach - last.deleted;
    end += addedEach;
  }
  return {
    end,
    rows: alive,
    changed: last.changedIndexes.length,
    deleted: last.deleted,
    added: generation === 0 ? 0 : addedEach,
    changedIndexes: last.changedIndexes,
    revision: (index) => revisions[index] ?? -1,
  };
}

function playGeneration(revisions: Int8Array, end: number, seed: number) {
  const changedIndexes: number[] = [];
  let deleted = 0;
  for (let start = 0; start < end; start += blockRows) {
    const size = Math.min(blockRows, end - start);
    const first = mix(seed, start) % size;
    // Three neighbours, wrapping around: always different rows if the block has three.
    const [gone, one, two] = [first, (first + 1) % size, (first + 2) % size].map(
      (offset) => start + offset,
    ) as [number, number, number];
    // A last, short block gets only its share: whole blocks keep the rates exact.
    if (size < blockRows && start > 0) continue;
    if ((revisions[gone] ?? -1) >= 0) {
      revisions[gone] = -1;
      deleted++;
    }
    for (const index of new Set([one, two])) {
      const revision = revisions[index] ?? -1;
      if (index === gone || revision < 0) continue;
      revisions[index] = revision + 1;
      changedIndexes.push(index);
    }
  }
  return { deleted, changedIndexes };
}
