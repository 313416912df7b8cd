import { Readable } from "node:stream";
import { bordereauRow } from "./bordereau-rows";
import { type Cell, cell, cellValue, csvLine } from "./cell";
import { claimsRow } from "./claims-rows";
import { bordereau, claimsNotes, type SampleDataset } from "./columns";
import { type Change, changesOf } from "./generations";

/** Selects a state of a dataset: the same numbers always give the same bytes. */
export interface SnapshotOptions {
  readonly seed: number;
  /** Rows of generation 0. */
  readonly rows: number;
  /** 0 is the first snapshot; each further one changes 1 %, deletes 0.5 % and adds 0.5 %. */
  readonly generation: number;
}

/** The differences from the generation before, and the number of rows. */
export interface SnapshotManifest {
  readonly generation: number;
  readonly rows: number;
  readonly changed: number;
  readonly deleted: number;
  readonly added: number;
}

/** One state of a dataset, generated while it is read. */
export interface Snapshot {
  readonly manifest: SnapshotManifest;
  /** UTF-8 CSV with a header and CRLF line ends, in chunks of about 64 KiB. */
  csv(): Readable;
  /** The cells that a reader must see, null for a missing value; without the header. */
  rows(): Generator<(string | null)[]>;
  /** The rows (as `rows()` gives them) that this generation changed or added. */
  touched(): Generator<(string | null)[]>;
}

type RowMaker = (seed: number, index: number, revision: number) => Cell[];

const makers: Readonly<Record<string, RowMaker>> = {
  [bordereau.id]: bordereauRow,
  [claimsNotes.id]: claimsRow,
};

/**
 * A snapshot of a sample dataset. Rows that a generation does not touch are byte-identical to those of the generation before, in the same order;
 * added rows follow at the end.
 * @throws RangeError if the options are not whole numbers, or the dataset is not one of the samples.
 */
export function snapshot(dataset: SampleDataset, options: SnapshotOptions): Snapshot {
  const make = makers[dataset.id];
  if (make === undefined) throw new RangeError(`${dataset.id} is not a sample dataset`);
  const { seed, generation } = options;
  const change = changesOf(options);
  const header = dataset.columns.map((column) => cell(column.header));

  function* live(): Generator<Cell[]> {
    for (let index = 0; index < change.end; index++) {
      const revision = change.revision(index);
      if (revision >= 0) yield (make as RowMaker)(seed, index, revision);
    }
  }
  function* lines(): Generator<Buffer> {
    let chunk = csvLine(header);
    for (let index = 0; index < change.end; index++) {
      const revision = change.revision(index);
      if (revision < 0) continue;
      chunk += csvLine((make as RowMaker)(seed, index, revision));
      if (chunk.length >= 65_536) {
        yield Buffer.from(chunk);
        chunk = "";
      }
    }
    if (chunk !== "") yield Buffer.from(chunk);
  }
  return {
    manifest: {
      generation,
      rows: change.rows,
      changed: change.changed,
      deleted: change.deleted,
      added: change.added,
    },
    csv: () => Readable.from(lines(), { objectMode: false, highWaterMark: 262_144 }),
    *rows() {
      for (const cells of live()) yield cells.map(cellValue);
    },
    *touched() {
      for (const index of touchedIndexes(change)) {
        yield (make as RowMaker)(seed, index, change.revision(index)).map(cellValue);
      }
    },
  };
}

function* touchedIndexes(change: Change): Generator<number> {
  yield* change.changedIndexes;
  for (let index = change.end - change.added; index < change.end; index++) yield index;
}
