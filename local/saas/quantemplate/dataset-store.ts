import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  readJsonFile,
  writeJsonFile,
} from "../../../packages/azure-emulator/services/automation/resources/json-file";

/** The most versions of a dataset that are kept, the latest included, and the most bytes of its earlier ones. */
const KEPT_VERSIONS = 50;
const KEPT_BYTES = 1 << 30;

/** A version of a dataset. */
export interface StoredDataset {
  readonly id: string;
  /** 1 for the first upload, and one more for each. */
  readonly version: number;
  /** File name below the organisation's folder. */
  readonly file: string;
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
}

/** An upload that is complete on disk but not yet visible to readers. */
export interface Upload {
  readonly bytes: number;
  /** Makes it the dataset's content at once. Downloads under way keep reading the old content. */
  commit(): void;
}

/** Datasets as files: one file per version, and a small index of the versions. */
export interface DatasetStore {
  /** The latest version of each dataset. */
  list(organisation: string): StoredDataset[];
  /** The latest version, or the one with this number; undefined if there is none, or no longer. */
  get(organisation: string, id: string, version?: number): StoredDataset | undefined;
  pathOf(organisation: string, dataset: StoredDataset): string;
  /** Streams a body to disk. @throws if the body breaks off; nothing of it is kept then. */
  upload(organisation: string, id: string, body: Readable): Promise<Upload>;
  /** Removes a dataset, or one of its earlier versions. */
  remove(organisation: string, id: string, version?: number): void;
}

export function createDatasetStore(folder: string): DatasetStore {
  const folderOf = (organisation: string) => path.join(folder, "datasets", organisation);
  const indexOf = (organisation: string) => path.join(folderOf(organisation), "index.json");
  /** By organisation and dataset: the versions, the latest first. */
  const indexes = new Map<string, Map<string, StoredDataset[]>>();

  const load = (organisation: string): Map<string, StoredDataset[]> => {
    const known = indexes.get(organisation);
    if (known !== undefined) return known;
    const index = new Map<string, StoredDataset[]>();
    // An index from before versions were kept names one without its number.
    for (const stored of readJsonFile<StoredDataset[]>(indexOf(organisation)) ?? [])
      index.set(stored.id, [...(index.get(stored.id) ?? []), { ...stored, version: stored.version ?? 1 }]);
    indexes.set(organisation, index);
    removeStrays(folderOf(organisation), index);
    return index;
  };
  /** Replaces a dataset's versions, and removes the files of those that are gone. */
  const replace = (organisation: string, id: string, versions: StoredDataset[]) => {
    const index = load(organisation);
    const before = index.get(id) ?? [];
    if (versions.length === 0) index.delete(id);
    else index.set(id, versions);
    writeJsonFile(indexOf(organisation), [...index.values()].flat());
    for (const version of before)
      if (!versions.includes(version)) remove(path.join(folderOf(organisation), version.file));
  };

  return {
    list: (organisation) => [...load(organisation).values()].flatMap((versions) => versions.slice(0, 1)),
    get: (organisation, id, version) =>
      load(organisation)
        .get(id)
        ?.find((stored) => version === undefined || stored.version === version),
    pathOf: (organisation, { file }) => path.join(folderOf(organisation), file),
    async upload(organisation, id, body) {
      // First, because it removes files that no index names.
      load(organisation);
      const file = `${id}.${randomUUID()}.csv`;
      const target = path.join(folderOf(organisation), file);
      fs.mkdirSync(folderOf(organisation), { recursive: true, mode: 0o700 });
      const written = fs.createWriteStream(target, { mode: 0o600, highWaterMark: 1 << 20 });
      try {
        await pipeline(body, written);
      } catch (error) {
        remove(target);
        throw error;
      }
      const bytes = written.bytesWritten;
      return {
        bytes,
        commit() {
          const earlier = load(organisation).get(id) ?? [];
          const version = (earlier[0]?.version ?? 0) + 1;
          const latest = { id, version, file, bytes, updatedAt: new Date().toISOString() };
          let total = 0;
          const kept = earlier.slice(0, KEPT_VERSIONS - 1).filter((stored) => {
            total += stored.bytes;
            return total <= KEPT_BYTES;
          });
          replace(organisation, id, [latest, ...kept]);
        },
      };
    },
    remove(organisation, id, version) {
      const versions = load(organisation).get(id) ?? [];
      // The latest stays, so that no other content gets its number.
      const isKept = (stored: StoredDataset, place: number) => place === 0 || stored.version !== version;
      const kept = version === undefined ? [] : versions.filter(isKept);
      if (kept.length < versions.length) replace(organisation, id, kept);
    },
  };
}

/** Removes files of interrupted uploads, and versions that could not be removed while they were being read. */
function removeStrays(folder: string, index: ReadonlyMap<string, StoredDataset[]>): void {
  if (!fs.existsSync(folder)) return;
  const kept = new Set([...index.values()].flat().map(({ file }) => file));
  for (const name of fs.readdirSync(folder)) {
    if (name.endsWith(".csv") && !kept.has(name)) remove(path.join(folder, name));
  }
}

/** Removes a file. Windows refuses that while the file is being read; the next start removes it then. */
function remove(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // removeStrays will remove it.
  }
}
