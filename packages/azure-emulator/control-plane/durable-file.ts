import { randomBytes } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** The mode of the emulator's files, which hold secrets, keys and tokens. */
export const OWNER_ONLY = 0o600;

/** Replaces a file as a whole: a reader, or a process after a kill, sees the old content or the new, never a part. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  const file = await open(draft, "wx", OWNER_ONLY);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** Makes new and renamed files of a folder durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The file's text, or undefined if it does not exist. */
export async function readIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Reads a JSON file, or creates it at the first call; its value then stays the same for the life of the folder. */
export async function loadOrCreateJson<T>(path: string, make: () => T): Promise<T> {
  const text = await readIfExists(path);
  if (text !== undefined) return JSON.parse(text) as T;
  const value = make();
  await writeDurably(path, `${JSON.stringify(value, undefined, 2)}\n`);
  return value;
}
