import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  readJsonFile,
  writeJsonFile,
} from "../../../packages/azure-emulator/services/automation/resources/json-file";

/** The state of a dataset. */
export interface StoredDataset {
  readonly id: string;
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

/** Datasets as files: one file per version, and a small index that names the current version. */
export interface DatasetStore {
  list(organisation: string): StoredDataset[];
  get(organisation: string, id: string): StoredDataset | undefined;
  pathOf(organisation: string, dataset: StoredDataset): string;
  /** Streams a body to disk. @throws if the body breaks off; nothing of it is kept then. */
  upload(organisation: string, id: string, body: Readable): Promise<Upload>;
  remove(organisation: string, id: string): void;
}

export function createDatasetStore(folder: string): DatasetStore {
  const folderOf = (organisation: string) => path.join(folder, "datasets", organisation);
  const indexOf = (organisation: string) => path.join(folderOf(organisation), "index.json");
  const indexes = new Map<string, Map<string, StoredDataset>>();

  const load = (organisation: string): Map<string, StoredDataset> => {
    const known = indexes.get(organisation);
    if (known !== undefined) return known;
    const index = new Map(
      (readJsonFile<StoredDataset[]>(indexOf(organisation)) ?? []).map((it) => [it.id, it]),
    );
    indexes.set(organisation, index);
    removeStrays(folderOf(organisation), index);
    return index;
  };
  const save = (organisation: string, index: Map<string, StoredDataset>) =>
    writeJsonFile(indexOf(organisation), [...index.values()]);
  const discard = (organisation: string, file: string | undefined) => {
    if (file !== undefined) remove(path.join(folderOf(organisation), file));
  };

  return {
    list: (organisation) => [...load(organisation).values()],
    get: (organisation, id) => load(organisation).get(id),
    pathOf: (organisation, { file }) => path.join(folderOf(organisation), file),
    async upload(organisation, id, body) {
      const index = load(organisation);
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
          const before = index.get(id)?.file;
          index.set(id, { id, file, bytes, updatedAt: new Date().toISOString() });
          save(organisation, index);
          discard(organisation, before);
        },
      };
    },
    remove(organisation, id) {
      const index = load(organisation);
      const before = index.get(id)?.file;
      if (!index.delete(id)) return;
      save(organisation, index);
      discard(organisation, before);
    },
  };
}

/** Removes files of interrupted uploads, and versions that could not be removed while they were being read. */
function removeStrays(folder: string, index: ReadonlyMap<string, StoredDataset>): void {
  if (!fs.existsSync(folder)) return;
  const kept = new Set([...index.values()].map(({ file }) => file));
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
