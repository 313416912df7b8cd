import { blobError } from "./blob-error";
import type { Blob, Block, Part } from "./blob-folder";

/** A block that a block list names, and where to look for it. */
interface Wanted {
  readonly id: string;
  readonly from: "Committed" | "Uncommitted" | "Latest";
}

/** Bytes of a block's id, before Base64. Source: learn.microsoft.com/rest/api/storageservices/put-block, `blockid`. */
const LONGEST_ID = 64;

/** @throws blob error InvalidBlockId */
export function requireBlockId(id: string): void {
  const bytes = Buffer.from(id, "base64");
  if (id !== "" && bytes.toString("base64") === id && bytes.length <= LONGEST_ID) return;
  throw blobError("InvalidBlockId", `'${id}'`);
}

/** Reads the body of Put Block List. @throws blob errors InvalidXmlDocument, InvalidBlockId */
export function parseBlockList(xml: string): Wanted[] {
  const [, content] =
    /^\uFEFF?\s*(?:<\?xml[^>]*\?>)?\s*<BlockList\s*(?:\/>|>(.*)<\/BlockList>)\s*$/s.exec(xml) ?? [];
  if (content === undefined && !/<BlockList\s*\/>/.test(xml)) throw blobError("InvalidXmlDocument");
  const entry = /\s*<(Committed|Uncommitted|Latest)>\s*([A-Za-z0-9+/=]*)\s*<\/\1>\s*/gy;
  const wanted: Wanted[] = [];
  let end = 0;
  for (const [text, from = "", id = ""] of (content ?? "").matchAll(entry)) {
    requireBlockId(id);
    wanted.push({ id, from: from as Wanted["from"] });
    end += text.length;
  }
  if ((content ?? "").slice(end).trim() !== "") throw blobError("InvalidXmlDocument");
  return wanted;
}

/**
 * The parts of the new content. Source: learn.microsoft.com/rest/api/storageservices/put-block-list.
 * @throws blob error InvalidBlockList if a block is not where the list says
 */
export function partsOf(wanted: readonly Wanted[], present: Blob | undefined, uncommitted: readonly Block[]) {
  const offsets = new Map<string, Part & { readonly offset: number }>();
  let offset = 0;
  for (const { id, size } of present?.blocks ?? []) {
    offsets.set(id, { offset, size });
    offset += size;
  }
  const put = new Map(uncommitted.map(({ id, size }): [string, Part] => [id, { block: id, size }]));
  const parts: Part[] = [];
  const blocks: Block[] = [];
  for (const { id, from } of wanted) {
    const fresh = from === "Committed" ? undefined : put.get(id);
    const part = fresh ?? (from === "Uncommitted" ? undefined : offsets.get(id));
    if (part === undefined) throw blobError("InvalidBlockList", `There is no block '${id}' (${from}).`);
    parts.push(part);
    blocks.push({ id, size: part.size });
  }
  return { parts, blocks };
}
