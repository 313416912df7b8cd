import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import type { BlobCall, BlobServer } from "./blob-call";
import { blobError } from "./blob-error";
import { requireWritable, saveContent, settingsOf } from "./blob-operations";
import { blockListXml } from "./blob-xml";
import { parseBlockList, partsOf, requireBlockId } from "./block-list";
import { requireContainer } from "./container-operations";
import { contentHeadersOf } from "./content-headers";
import { requireLease } from "./lease";
import { expectedContent } from "./received-content";
import { bodyOf, changing, stamp } from "./writing";

/** Put Block. It has no conditions, but a lease counts. Source: learn.microsoft.com/rest/api/storageservices/put-block. */
export async function putBlock(call: BlobCall, server: BlobServer): Promise<void> {
  const { path, header, reply } = call;
  requireContainer(call, server);
  const id = path.query.get("blockid") ?? "";
  requireBlockId(id);
  const expected = expectedContent(header);
  const present = await server.blobs.find(path);
  requireLease(present?.lease, header("x-ms-lease-id"), "write");
  await requireSameLength(call, server, id);
  const { md5, crc64 } = await server.blobs.putBlock(path, id, bodyOf(call), expected);
  reply.code(201).headers({
    ...(expected.md5 === undefined
      ? { "x-ms-content-crc64": crc64?.toString("base64") ?? "" }
      : { "content-md5": md5.toString("base64") }),
    ...(expected.structured !== undefined && { "x-ms-structured-body": expected.structured }),
    "x-ms-request-server-encrypted": "true",
  });
  reply.send();
}

/** The ids of a blob's blocks have one length. @throws blob error InvalidBlobOrBlock */
async function requireSameLength({ path }: BlobCall, { blobs }: BlobServer, id: string): Promise<void> {
  const [other] = await blobs.uncommittedBlocks(path);
  if (other !== undefined && other.id.length !== id.length) {
    throw blobError("InvalidBlobOrBlock", "The ids of all blocks of a blob must have the same length.");
  }
}

/** Put Block List. Source: learn.microsoft.com/rest/api/storageservices/put-block-list. */
export async function putBlockList(call: BlobCall, server: BlobServer): Promise<void> {
  const { path, header, reply } = call;
  requireContainer(call, server);
  const headers = contentHeadersOf(header);
  const settings = settingsOf(call);
  // These protect the list itself; the content's MD5 is stored and not compared.
  const { md5 } = expectedContent(header);
  const xml = await text(bodyOf(call));
  if (md5 !== undefined && !createHash("md5").update(xml).digest().equals(md5))
    throw blobError("Md5Mismatch");
  const wanted = parseBlockList(xml);
  const blob = await changing(call, async () => {
    const present = await server.blobs.find(path);
    requireWritable(call, present);
    const { parts, blocks } = partsOf(wanted, present, await server.blobs.uncommittedBlocks(path));
    const { file, length } = await server.blobs.join(path, parts, present);
    return saveContent(call, server.blobs, present, {
      ...settings,
      headers,
      blocks,
      content: file,
      contentLength: length,
    });
  });
  reply
    .code(201)
    .headers({ ...stamp(blob), "x-ms-request-server-encrypted": "true" })
    .send();
}

/** Get Block List. Source: learn.microsoft.com/rest/api/storageservices/get-block-list. */
export async function getBlockList(call: BlobCall, server: BlobServer): Promise<void> {
  const { path, header, reply } = call;
  requireContainer(call, server);
  const type = path.query.get("blocklisttype") ?? "committed";
  if (!["committed", "uncommitted", "all"].includes(type)) {
    throw blobError("InvalidQueryParameterValue", "blocklisttype");
  }
  const blob = await server.blobs.find(path);
  const uncommitted = await server.blobs.uncommittedBlocks(path);
  if (blob === undefined && uncommitted.length === 0) throw blobError("BlobNotFound");
  requireLease(blob?.lease, header("x-ms-lease-id"), "read");
  if (blob !== undefined)
    reply.headers({ ...stamp(blob), "x-ms-blob-content-length": String(blob.contentLength) });
  const xml = blockListXml(
    type === "uncommitted" ? undefined : (blob?.blocks ?? []),
    type === "committed" ? undefined : uncommitted,
  );
  reply.type("application/xml").send(xml);
}
