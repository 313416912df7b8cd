import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { OWNER_ONLY, readIfExists, writeDurably } from "../../../control-plane/durable-file";
import type { ContentHeaders } from "./content-headers";
import type { Lease } from "./lease";
import { type ContentChecksums, type ExpectedContent, receive } from "./received-content";

/** Where a blob is. */
export interface BlobAddress {
  readonly account: string;
  readonly container: string;
  readonly blob: string;
}

/** A part of a blob's content. */
export interface Block {
  /** Base64, as the client gave it. */
  readonly id: string;
  readonly size: number;
}

/** A blob without its content. */
export interface Blob {
  readonly name: string;
  readonly headers: ContentHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentLength: number;
  readonly etag: string;
  /** In HTTP's date format. */
  readonly lastModified: string;
  readonly created: string;
  readonly accessTier?: string;
  readonly lease?: Lease;
  /** The blocks in their order; empty for a blob that came in one request. */
  readonly blocks: readonly Block[];
  /** Name of the file with the content. */
  readonly content: string;
}

/** A content that has arrived and belongs to no blob yet. */
export interface Received extends ContentChecksums {
  readonly file: string;
}

/** A part of a new content: a range of the blob's content as it is, or a block that was put. */
export type Part = { readonly size: number } & ({ readonly block: string } | { readonly offset: number });

/**
 * Blobs on disk, with a folder for each container. A blob is a JSON description, replaced as a whole, that names the file with its
 * content; blocks that no block list names yet are files in a folder beside it.
 */
export interface BlobFolder {
  /** Writes a content to a file of its own. @throws blob errors of {@link receive}; nothing stays then. */
  receive(at: BlobAddress, content: AsyncIterable<Buffer>, expected: ExpectedContent): Promise<Received>;
  /** Keeps a block. Its CRC64 is computed. @throws as `receive` */
  putBlock(
    at: BlobAddress,
    id: string,
    content: AsyncIterable<Buffer>,
    expected: ExpectedContent,
  ): Promise<ContentChecksums>;
  uncommittedBlocks(at: BlobAddress): Promise<Block[]>;
  /** Joins parts to a new content. */
  join(
    at: BlobAddress,
    parts: readonly Part[],
    present: Blob | undefined,
  ): Promise<Pick<Received, "file" | "length">>;
  /** Removes a content that no blob gets. */
  drop(at: BlobAddress, file: string): Promise<void>;
  /** Replaces the description, and drops a content and blocks that are no longer needed. */
  save(at: BlobAddress, blob: Blob): Promise<void>;
  find(at: BlobAddress): Promise<Blob | undefined>;
  /** Opens a content, which can then be read though the blob changes. @returns undefined if it has just changed */
  open(at: BlobAddress, blob: Blob): Promise<FileHandle | undefined>;
  remove(at: BlobAddress): Promise<void>;
  /** In the order of their names. */
  list(account: string, container: string): Promise<Blob[]>;
  removeContainer(account: string, container: string): Promise<void>;
  removeAccount(account: string): Promise<void>;
}

export function createBlobFolder(root: string): BlobFolder {
  const folderOf = ({ account, container }: Pick<BlobAddress, "account" | "container">) =>
    join(root, account, container);
  // A blob's name may be longer than a file's and contain any character.
  const base = (at: BlobAddress) => join(folderOf(at), createHash("sha256").update(at.blob).digest("hex"));
  const description = (at: BlobAddress) => `${base(at)}.json`;
  const blocksOf = (at: BlobAddress) => `${base(at)}.blocks`;
  const blockFile = (at: BlobAddress, id: string) =>
    join(blocksOf(at), Buffer.from(id, "base64").toString("hex"));
  const newContent = async (at: BlobAddress) => {
    await mkdir(folderOf(at), { recursive: true, mode: 0o700 });
    const file = `${randomUUID()}.content`;
    const path = join(folderOf(at), file);
    const handle = await open(path, "wx", OWNER_ONLY);
    return { file, path, stream: handle.createWriteStream({ flush: true }) };
  };
  const find = async (at: BlobAddress) => {
    const text = await readIfExists(description(at));
    return text === undefined ? undefined : (JSON.parse(text) as Blob);
  };
  const discard = (at: BlobAddress, blob: Blob | undefined) =>
    blob === undefined ? undefined : rm(join(folderOf(at), blob.content), { force: true });
  const discardBlocks = (at: BlobAddress) => rm(blocksOf(at), { recursive: true, force: true });
  const receiveTo = async (
    { path, stream }: { path: string; stream: NodeJS.WritableStream },
    content: AsyncIterable<Buffer>,
    expected: ExpectedContent,
    withCrc64: boolean,
  ) => {
    try {
      return await receive(content, expected, stream, withCrc64);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  };

  /** The folder of blocks may be removed at any moment, by a block list that is committed. */
  const keepBlock = async (at: BlobAddress, id: string, path: string): Promise<void> => {
    await mkdir(blocksOf(at), { recursive: true, mode: 0o700 });
    const kept = await rename(path, blockFile(at, id)).then(() => true, ignoreMissing);
    if (kept !== true) await keepBlock(at, id, path);
  };

  return {
    find,
    async receive(at, content, expected) {
      const target = await newContent(at);
      return { file: target.file, ...(await receiveTo(target, content, expected, false)) };
    },
    async putBlock(at, id, content, expected) {
      // Under another name first: a block that is sent again must not be a mixture.
      const target = await newContent(at);
      const received = await receiveTo(target, content, expected, true);
      await keepBlock(at, id, target.path);
      return received;
    },
    async uncommittedBlocks(at) {
      const files = (await readdir(blocksOf(at)).catch(() => [])).sort();
      const blocks = await Promise.all(
        files.map(async (file) => {
          const found = await stat(join(blocksOf(at), file)).catch(ignoreMissing);
          return found && { id: Buffer.from(file, "hex").toString("base64"), size: found.size };
        }),
      );
      return blocks.filter((block) => block !== undefined);
    },
    async join(at, parts, present) {
      const { file, stream } = await newContent(at);
      const pieces = async function* () {
        for (const part of parts) {
          if (part.size === 0) continue;
          if ("block" in part) yield* createReadStream(blockFile(at, part.block));
          else if (present !== undefined) {
            const range = { start: part.offset, end: part.offset + part.size - 1 };
            yield* createReadStream(join(folderOf(at), present.content), range);
          }
        }
      };
      await pipeline(pieces, stream);
      return { file, length: parts.reduce((sum, { size }) => sum + size, 0) };
    },
    drop: (at, file) => rm(join(folderOf(at), file), { force: true }),
    async save(at, blob) {
      const before = await find(at);
      await writeDurably(description(at), JSON.stringify(blob));
      if (before?.content === blob.content) return;
      await discard(at, before);
      await discardBlocks(at);
    },
    open: (at, blob) => open(join(folderOf(at), blob.content)).catch(ignoreMissing),
    async remove(at) {
      const blob = await find(at);
      await rm(description(at), { force: true });
      await discard(at, blob);
      await discardBlocks(at);
    },
    async list(account, container) {
      const folder = folderOf({ account, container });
      const files = await readdir(folder).catch(() => []);
      const texts = await Promise.all(
        files.filter((file) => file.endsWith(".json")).map((file) => readIfExists(join(folder, file))),
      );
      const blobs = texts.filter((text) => text !== undefined).map((text) => JSON.parse(text) as Blob);
      return blobs.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    removeContainer: (account, container) =>
      rm(folderOf({ account, container }), { recursive: true, force: true }),
    removeAccount: (account) => rm(join(root, account), { recursive: true, force: true }),
  };
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
