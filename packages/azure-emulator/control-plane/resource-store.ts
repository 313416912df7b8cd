import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { EmulatorError } from "../errors/emulator-error";
import { OWNER_ONLY, readIfExists, writeDurably } from "./durable-file";
import type { ArmResource, ResourceChange, ResourceStore } from "./resource";
import { isAtOrUnder } from "./resource-id";
import { createStamp } from "./system-data";

/** One line of the journal. */
type Entry = { readonly set: ArmResource } | { readonly remove: string };

interface PendingWrite {
  readonly entry: Entry;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** The journal is rewritten once it has this many more entries than there are resources. */
const SLACK = 2000;

/** A store that can be closed. */
export interface FileResourceStore extends ResourceStore {
  close(): Promise<void>;
}

/**
 * Resources in memory, with every change in a journal (`resources.jsonl`, one JSON entry a line) that is synced before the change
 * is acknowledged or visible. Changes that arrive during a sync share the next one. A line that a kill cut off is the last
 * and was never acknowledged: the next start drops it, and rewrites the journal without its history.
 * @throws EmulatorError QT6002 if a line other than the last cannot be read.
 */
export async function openResourceStore(folder: string): Promise<FileResourceStore> {
  const path = join(folder, "resources.jsonl");
  const resources = readJournal(path, (await readIfExists(path)) ?? "");
  const stamp = createStamp();
  const listeners = new Set<(change: ResourceChange) => void>();
  let journal: FileHandle | undefined;
  let entries = 0;
  let pending: PendingWrite[] = [];
  let writing: Promise<void> | undefined;
  let closed = false;

  const rewrite = async () => {
    await journal?.close();
    journal = undefined;
    await writeDurably(path, [...resources.values()].map((resource) => line({ set: resource })).join(""));
    journal = await open(path, "a", OWNER_ONLY);
    entries = resources.size;
  };

  const apply = (entry: Entry) => {
    const key = ("set" in entry ? entry.set.id : entry.remove).toLowerCase();
    const before = resources.get(key);
    if ("set" in entry) resources.set(key, entry.set);
    else resources.delete(key);
    const resource = "set" in entry ? entry.set : before;
    if (resource === undefined) return;
    for (const listener of listeners) listener({ kind: "set" in entry ? "set" : "removed", resource });
  };

  const drain = async () => {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      try {
        if (journal === undefined || entries > resources.size + SLACK) await rewrite();
        await journal?.appendFile(batch.map(({ entry }) => line(entry)).join(""));
        await journal?.datasync();
        entries += batch.length;
      } catch (error) {
        // The journal may now end in an incomplete line; the next write rewrites it first.
        await journal?.close().catch(() => {});
        journal = undefined;
        for (const { failed } of batch) failed(error);
        continue;
      }
      for (const { entry, done } of batch) {
        apply(entry);
        done();
      }
    }
    writing = undefined;
  };

  const write = (entry: Entry) =>
    new Promise<void>((done, failed) => {
      if (closed) return failed(new EmulatorError("QT6003", { folder }));
      pending.push({ entry, done, failed });
      writing ??= drain();
    });

  await rewrite();
  return {
    get: (id) => resources.get(id.toLowerCase()),
    list({ type, under } = {}) {
      const wanted = type?.toLowerCase();
      return [...resources.values()].filter(
        (resource) =>
          (wanted === undefined || resource.type.toLowerCase() === wanted) &&
          (under === undefined || isAtOrUnder(resource.id, under)),
      );
    },
    set: (resource) => write({ set: stamp(resource, resources.get(resource.id.toLowerCase())) }),
    remove: (id) => write({ remove: id }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      await writing;
      await journal?.close();
      journal = undefined;
    },
  };
}

function line(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}

function readJournal(path: string, text: string): Map<string, ArmResource> {
  const resources = new Map<string, ArmResource>();
  const lines = text.split("\n");
  // Text after the last line break was never acknowledged.
  lines.pop();
  for (const [index, entryText] of lines.entries()) {
    let entry: Entry;
    try {
      entry = JSON.parse(entryText) as Entry;
    } catch (error) {
      throw new EmulatorError("QT6002", { file: path, line: index + 1 }, { cause: error });
    }
    if ("set" in entry) resources.set(entry.set.id.toLowerCase(), entry.set);
    else resources.delete(entry.remove.toLowerCase());
  }
  return resources;
}
