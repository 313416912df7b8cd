import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { blobError, notSupported } from "./blob-error";
import { Crc64 } from "./crc64";
import { decodeStructured } from "./structured-message";

type Header = (name: string) => string | undefined;

/** What a client says about the content that it sends. */
export interface ExpectedContent {
  readonly md5: Buffer | undefined;
  readonly crc64: Buffer | undefined;
  /** The structured message's header, to be answered as it came. */
  readonly structured: string | undefined;
  /** Bytes of the content within a structured message. */
  readonly structuredLength: number | undefined;
}

/** What the server computed. */
export interface ContentChecksums {
  readonly md5: Buffer;
  readonly crc64: Buffer | undefined;
  readonly length: number;
}

/**
 * Reads the headers that protect a content on its way: Content-MD5, x-ms-content-crc64, x-ms-structured-body.
 * Source: learn.microsoft.com/rest/api/storageservices/put-blob. @throws blob errors InvalidMd5, InvalidHeaderValue
 */
export function expectedContent(header: Header, alsoMd5?: string): ExpectedContent {
  const structured = header("x-ms-structured-body");
  if (structured !== undefined && !/^XSM\/1\.0;\s*properties=crc64$/i.test(structured)) {
    throw notSupported(`x-ms-structured-body: ${structured}`);
  }
  const length = header("x-ms-structured-content-length");
  if (structured !== undefined && !/^\d+$/.test(length ?? "")) {
    throw blobError("MissingRequiredHeader", "x-ms-structured-content-length");
  }
  const crc64 = header("x-ms-content-crc64");
  const own = header("content-md5");
  const md5 = own ?? alsoMd5;
  if (own !== undefined && crc64 !== undefined)
    throw blobError("InvalidInput", "It has both an MD5 and a CRC64.");
  const given = crc64 === undefined ? undefined : Buffer.from(crc64, "base64");
  if (given !== undefined && given.length !== 8) throw blobError("InvalidHeaderValue", "x-ms-content-crc64");
  return {
    md5: md5 === undefined ? undefined : md5Of(md5),
    crc64: given,
    structured,
    structuredLength: structured === undefined ? undefined : Number(length),
  };
}

/** The bytes of an MD5 in Base64. @throws blob error InvalidMd5 */
export function md5Of(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 16 || bytes.toString("base64") !== text) throw blobError("InvalidMd5");
  return bytes;
}

/**
 * Hands a content on to `sink`, out of its structured message if it is in one, and checks it.
 * @param withCrc64 computes the CRC64 even if the client sent none
 * @throws blob errors Md5Mismatch, Crc64Mismatch, InvalidInput: the sink has then got a content that must not be used
 */
export async function receive(
  source: AsyncIterable<Buffer>,
  expected: ExpectedContent,
  sink: NodeJS.WritableStream,
  withCrc64 = false,
): Promise<ContentChecksums> {
  const md5 = createHash("md5");
  const crc64 = withCrc64 || expected.crc64 !== undefined ? new Crc64() : undefined;
  let length = 0;
  const measured = async function* (content: AsyncIterable<Buffer>) {
    for await (const part of content) {
      md5.update(part);
      crc64?.update(part);
      length += part.length;
      yield part;
    }
  };
  await pipeline(expected.structured === undefined ? source : decodeStructured(source), measured, sink);
  const found = { md5: md5.digest(), crc64: crc64?.digest(), length };
  if (expected.md5 !== undefined && !expected.md5.equals(found.md5)) throw blobError("Md5Mismatch");
  if (expected.crc64 !== undefined && !expected.crc64.equals(found.crc64 ?? Buffer.alloc(0))) {
    throw blobError("Crc64Mismatch");
  }
  if (expected.structuredLength !== undefined && expected.structuredLength !== length) {
    throw blobError("InvalidHeaderValue", "x-ms-structured-content-length is not the length of the content.");
  }
  return found;
}
