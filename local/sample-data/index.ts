import { QtError } from "../../errors/qt-error";
import { sampleDatasets } from "./columns";
import { type Snapshot, snapshot } from "./snapshot";

export type { Snapshot, SnapshotManifest } from "./snapshot";

export { sampleDatasets };

/** Rows of a sample by default. */
export const SAMPLE_ROWS = 20_000;

/** The seed of every snapshot that commands and tests make: the same numbers give the same bytes. */
const SEED = 20_260_131;

/** A generation of a sample dataset by its id. @throws QtError QT9012 if there is no sample with that id. */
export function sampleSnapshot(datasetId: string, rows: number, generation: number): Snapshot {
  const dataset = sampleDatasets.find(({ id }) => id === datasetId);
  if (dataset === undefined) {
    throw new QtError("QT9012", { dataset: datasetId, known: sampleDatasets.map(({ id }) => id).join(", ") });
  }
  return snapshot(dataset, { seed: SEED, rows, generation });
}
