import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { newEtag } from "../etag";
import type { BlobCall, BlobServer } from "./blob-call";
import { blobError, notSupported } from "./blob-error";
import type { Blob, BlobFolder } from "./blob-folder";
import { conditionsOf, requireForRead, requireForWrite } from "./conditions";
import { requireContainer } from "./container-operations";
import { type ContentHeaders, contentHeadersOf, contentHeadersReply } from "./content-headers";
import { Crc64 } from "./crc64";
import { changeLease, leaseState, requireLease } from "./lease";
import { metadataOf, metadataReply } from "./metadata";
import { type ByteRange, rangeOf } from "./range";
import { expectedContent } from "./received-content";
import { encodeStructured, structuredLength } from "./structured-message";
import { bodyOf, changing, stamp } from "./writing";

/** Put Blob: a block blob in one request. Source: learn.microsoft.com/rest/api/storageservices/put-blob. */
export async function putBlob(call: BlobCall, server: BlobServer): Promise<void> {
  const { path, header, reply } = call;
  requireContainer(call, server);
  const type = header("x-ms-blob-type");
  if (type === undefined) throw blobError("MissingRequiredHeader", "x-ms-blob-type");
  if (type !== "BlockBlob") throw notSupported(`blobs of the type ${type}`);
  const headers = contentHeadersOf(header, header("content-type"));
  const settings = settingsOf(call);
  const expected = expectedContent(header, headers.contentMd5);
  requireWritable(call, await server.blobs.find(path));
  const received = await server.blobs.receive(path, bodyOf(call), expected);
  const md5 = received.md5.toString("base64");
  const blob = await changing(call, async () => {
    const present = await server.blobs.find(path);
    try {
      requireWritable(call, present);
    } catch (error) {
      await server.blobs.drop(path, received.file);
      throw error;
    }
    return saveContent(call, server.blobs, present, {
      ...settings,
      headers: { ...headers, contentMd5: md5 },
      contentLength: received.length,
      content: received.file,
      blocks: [],
    });
  });
  reply.code(201).headers({
    ...stamp(blob),
    "content-md5": md5,
    ...(received.crc64 && { "x-ms-content-crc64": received.crc64.toString("base64") }),
    ...(expected.structured !== undefined && { "x-ms-structured-body": expected.structured }),
    "x-ms-request-server-encrypted": "true",
  });
  reply.send();
}

/** What a write sets anew, beside the content. */
export function settingsOf({
  header,
  path,
  request,
}: BlobCall): Pick<Blob, "name" | "metadata" | "accessTier"> {
  const tier = header("x-ms-access-tier");
  if (tier !== undefined && !/^(Hot|Cool|Cold)$/.test(tier)) throw notSupported(`the access tier ${tier}`);
  return {
    name: path.blob,
    metadata: metadataOf(request.raw.rawHeaders),
    ...(tier !== undefined && { accessTier: tier }),
  };
}

/** Gives a blob a new content. A lease stays. */
export async function saveContent(
  { path }: BlobCall,
  blobs: BlobFolder,
  before: Blob | undefined,
  made: Omit<Blob, "etag" | "lastModified" | "created" | "lease">,
): Promise<Blob> {
  const now = new Date().toUTCString();
  const lease = before?.lease === undefined ? {} : { lease: before.lease };
  const blob: Blob = { ...made, ...lease, etag: newEtag(), lastModified: now, created: now };
  await blobs.save(path, blob);
  return blob;
}

/** @throws blob errors of the conditional headers and of leases */
export function requireWritable({ header }: BlobCall, found: Blob | undefined): void {
  requireForWrite(conditionsOf(header), found);
  requireLease(found?.lease, header("x-ms-lease-id"), "write");
}

/** Get Blob. Source: learn.microsoft.com/rest/api/storageservices/get-blob. */
export async function getBlob(call: BlobCall, server: BlobServer): Promise<void> {
  const blob = await readable(call, server);
  const file = await server.blobs.open(call.path, blob);
  // Another content has replaced this one since: that is the blob now.
  if (file === undefined) return getBlob(call, server);
  try {
    await sendContent(call, blob, file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Sends what a request asks for of a content, and closes its file then. */
async function sendContent(call: BlobCall, blob: Blob, file: FileHandle): Promise<void> {
  const { header, reply } = call;
  const range = rangeOf(header("x-ms-range") ?? header("range"), blob.contentLength);
  if (range === "outside") {
    reply.header("content-range", `bytes */${blob.contentLength}`);
    throw blobError("InvalidRange");
  }
  const length = range === undefined ? blob.contentLength : range.end - range.start + 1;
  const checksums = await rangeChecksums(call, file, range);
  describe(call, blob);
  if (range !== undefined) {
    reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${blob.contentLength}`);
    // A part has no MD5 unless the client asks for it; the whole's is answered under another name.
    reply.removeHeader("content-md5");
    const { contentMd5 } = blob.headers;
    if (contentMd5 !== undefined) reply.header("x-ms-blob-content-md5", contentMd5);
  }
  reply.headers(checksums);
  const isStructured = header("x-ms-structured-body") !== undefined;
  if (isStructured) expectStructured(call);
  const content = file.createReadStream(range ?? {});
  if (!isStructured) {
    reply.header("content-length", String(length)).send(content);
    return;
  }
  reply.headers({
    "x-ms-structured-body": "XSM/1.0; properties=crc64",
    "x-ms-structured-content-length": String(length),
    "content-length": String(structuredLength(length)),
  });
  reply.send(Readable.from(encodeStructured(content, length)));
}

/** The largest range whose checksum the service computes. */
const LARGEST_CHECKED = 4 * 1024 * 1024;

async function rangeChecksums(
  { header }: BlobCall,
  file: FileHandle,
  range: ByteRange | undefined,
): Promise<Record<string, string>> {
  const wants = (name: string) => header(name)?.toLowerCase() === "true";
  const [md5, crc64] = [wants("x-ms-range-get-content-md5"), wants("x-ms-range-get-content-crc64")];
  if (!md5 && !crc64) return {};
  if (range === undefined) throw blobError("InvalidHeaderValue", "A checksum of a range needs a range.");
  const length = range.end - range.start + 1;
  if (length > LARGEST_CHECKED)
    throw blobError("OutOfRangeInput", "A range with a checksum has at most 4 MB.");
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, range.start);
  return {
    ...(md5 && { "content-md5": createHash("md5").update(buffer).digest("base64") }),
    ...(crc64 && { "x-ms-content-crc64": new Crc64().update(buffer).digest().toString("base64") }),
  };
}

function expectStructured({ header }: BlobCall): void {
  const asked = header("x-ms-structured-body") ?? "";
  if (!/^XSM\/1\.0;\s*properties=crc64$/i.test(asked)) throw notSupported(`x-ms-structured-body: ${asked}`);
}

/** Get Blob Properties. Source: learn.microsoft.com/rest/api/storageservices/get-blob-properties. */
export async function getBlobProperties(call: BlobCall, server: BlobServer): Promise<void> {
  const blob = await readable(call, server);
  describe(call, blob).header("content-length", String(blob.contentLength)).send();
}

/** Get Blob Metadata. Source: learn.microsoft.com/rest/api/storageservices/get-blob-metadata. */
export async function getBlobMetadata(call: BlobCall, server: BlobServer): Promise<void> {
  const blob = await readable(call, server);
  call.reply.headers({ ...stamp(blob), ...metadataReply(blob.metadata) }).send();
}

/** Set Blob Metadata. Source: learn.microsoft.com/rest/api/storageservices/set-blob-metadata. */
export async function setBlobMetadata(call: BlobCall, server: BlobServer): Promise<void> {
  const metadata = metadataOf(call.request.raw.rawHeaders);
  const blob = await update(call, server, (before) => ({ ...before, metadata }));
  call.reply.headers({ ...stamp(blob), "x-ms-request-server-encrypted": "true" }).send();
}

/** Set Blob Properties: what is not sent is cleared. Source: learn.microsoft.com/rest/api/storageservices/set-blob-properties. */
export async function setBlobProperties(call: BlobCall, server: BlobServer): Promise<void> {
  const headers: ContentHeaders = contentHeadersOf(call.header);
  const blob = await update(call, server, (before) => ({ ...before, headers }));
  call.reply.headers(stamp(blob)).send();
}

/** Delete Blob. Source: learn.microsoft.com/rest/api/storageservices/delete-blob. */
export async function deleteBlob(call: BlobCall, server: BlobServer): Promise<void> {
  requireContainer(call, server);
  await changing(call, async () => {
    requireWritable(call, required(await server.blobs.find(call.path)));
    await server.blobs.remove(call.path);
  });
  call.reply.code(202).header("x-ms-delete-type-permanent", "true").send();
}

/** Lease Blob. A lease changes neither the etag nor the time. Source: learn.microsoft.com/rest/api/storageservices/lease-blob. */
export async function leaseBlob(call: BlobCall, server: BlobServer): Promise<void> {
  const { header, path, reply } = call;
  requireContainer(call, server);
  const request = {
    action: header("x-ms-lease-action") ?? "",
    id: header("x-ms-lease-id"),
    proposedId: header("x-ms-proposed-lease-id"),
    duration: header("x-ms-lease-duration"),
    breakPeriod: header("x-ms-lease-break-period"),
  };
  await changing(call, async () => {
    const { lease: present, ...blob } = required(await server.blobs.find(path));
    requireForWrite(conditionsOf(header), blob);
    const { status, lease, id, time } = changeLease(present, request);
    await server.blobs.save(path, { ...blob, ...(lease !== undefined && { lease }) });
    reply.code(status).headers({
      ...stamp(blob),
      ...(id !== undefined && { "x-ms-lease-id": id }),
      ...(time !== undefined && { "x-ms-lease-time": String(time) }),
    });
  });
  reply.send();
}

/** Changes a description under the request's conditions; it gets a new etag. */
async function update(call: BlobCall, server: BlobServer, change: (before: Blob) => Blob): Promise<Blob> {
  requireContainer(call, server);
  return changing(call, async () => {
    const before = required(await server.blobs.find(call.path));
    requireWritable(call, before);
    const blob = { ...change(before), etag: newEtag(), lastModified: new Date().toUTCString() };
    await server.blobs.save(call.path, blob);
    return blob;
  });
}

/** The blob that a request reads. @throws blob errors 304, 404, 412 */
async function readable(call: BlobCall, server: BlobServer): Promise<Blob> {
  requireContainer(call, server);
  const blob = required(await server.blobs.find(call.path));
  requireLease(blob.lease, call.header("x-ms-lease-id"), "read");
  try {
    requireForRead(conditionsOf(call.header), blob);
  } catch (error) {
    call.reply.headers(stamp(blob));
    throw error;
  }
  return blob;
}

function required(blob: Blob | undefined): Blob {
  if (blob === undefined) throw blobError("BlobNotFound");
  return blob;
}

function describe({ reply }: BlobCall, blob: Blob) {
  const state = leaseState(blob.lease);
  return reply.headers({
    ...stamp(blob),
    ...contentHeadersReply(blob.headers),
    ...metadataReply(blob.metadata),
    "accept-ranges": "bytes",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-creation-time": blob.created,
    "x-ms-lease-status": state === "leased" || state === "breaking" ? "locked" : "unlocked",
    "x-ms-lease-state": state,
    ...(state === "leased" && { "x-ms-lease-duration": blob.lease?.duration === -1 ? "infinite" : "fixed" }),
    "x-ms-access-tier": blob.accessTier ?? "Hot",
    ...(blob.accessTier === undefined && { "x-ms-access-tier-inferred": "true" }),
    "x-ms-server-encrypted": "true",
  });
}
