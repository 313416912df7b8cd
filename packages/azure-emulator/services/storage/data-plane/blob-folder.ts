import { createHash, randomUUID } from "node:crypto";
import { createReadStream, type ReadStream } from "node:fs";
import { mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { OWNER_ONLY, readIfExists, writeDurably } from "../../../control-plane/durable-file";

/** The properties of a blob. */
export interface BlobProperties {
  readonly name: string;
  readonly contentType: string;
  readonly contentLength: number;
  readonly etag: string;
  /** In HTTP's date format. */
  readonly lastModified: string;
  /** Name of the file with the content. */
  readonly content: string;
}

/** Blobs on disk, with a folder for each container. A blob is a JSON description, replaced as a whole, that names the file with its content. */
export interface BlobFolder {
  write(
    account: string,
    container: string,
    name: string,
    contentType: string,
    content: Readable,
  ): Promise<BlobProperties>;
  find(account: string, container: string, name: string): Promise<BlobProperties | undefined>;
  read(
    account: string,
    container: string,
    blob: BlobProperties,
    range?: { start: number; end: number },
  ): ReadStream;
  /** @returns false if there was none. */
  remove(account: string, container: string, name: string): Promise<boolean>;
  list(account: string, container: string): Promise<BlobProperties[]>;
  removeContainer(account: string, container: string): Promise<void>;
  removeAccount(account: string): Promise<void>;
}

export function createBlobFolder(root: string): BlobFolder {
  const folderOf = (account: string, container: string) => join(root, account, container);
  // A blob's name may be longer than a file's and contain any character.
  const description = (account: string, container: string, name: string) =>
    join(folderOf(account, container), `${createHash("sha256").update(name).digest("hex")}.json`);
  const find = async (account: string, container: string, name: string) => {
    const text = await readIfExists(description(account, container, name));
    return text === undefined ? undefined : (JSON.parse(text) as BlobProperties);
  };
  const discard = (account: string, container: string, blob: BlobProperties | undefined) =>
    blob === undefined ? undefined : rm(join(folderOf(account, container), blob.content), { force: true });

  return {
    find,
    async write(account, container, name, contentType, content) {
      const folder = folderOf(account, container);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const before = await find(account, container, name);
      const file = `${randomUUID()}.content`;
      const handle = await open(join(folder, file), "wx", OWNER_ONLY);
      await pipeline(content, handle.createWriteStream({ flush: true }));
      const blob: BlobProperties = {
        name,
        contentType,
        contentLength: await sizeOf(join(folder, file)),
        etag: `"0x${randomUUID().replaceAll("-", "").slice(0, 15).toUpperCase()}"`,
        lastModified: new Date().toUTCString(),
        content: file,
      };
      await writeDurably(description(account, container, name), JSON.stringify(blob));
      await discard(account, container, before);
      return blob;
    },
    read: (account, container, blob, range) =>
      createReadStream(join(folderOf(account, container), blob.content), range),
    async remove(account, container, name) {
      const blob = await find(account, container, name);
      if (blob === undefined) return false;
      await rm(description(account, container, name), { force: true });
      await discard(account, container, blob);
      return true;
    },
    async list(account, container) {
      const folder = folderOf(account, container);
      const files = await readdir(folder).catch(() => []);
      const texts = await Promise.all(
        files.filter((file) => file.endsWith(".json")).map((file) => readIfExists(join(folder, file))),
      );
      const blobs = texts
        .filter((text) => text !== undefined)
        .map((text) => JSON.parse(text) as BlobProperties);
      return blobs.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    removeContainer: (account, container) =>
      rm(folderOf(account, container), { recursive: true, force: true }),
    removeAccount: (account) => rm(join(root, account), { recursive: true, force: true }),
  };
}

async function sizeOf(path: string): Promise<number> {
  const handle = await open(path, "r");
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
