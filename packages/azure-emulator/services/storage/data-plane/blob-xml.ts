import { escapeXml } from "../../../../kit/escape-xml";
import type { BlobProperties } from "./blob-folder";

const HEAD = '<?xml version="1.0" encoding="utf-8"?>';

/** An error in Blob storage's XML. */
export function errorXml(code: string, message: string): string {
  return `${HEAD}<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
}

/** The answer of List Blobs, all on one page. */
export function listXml(
  endpoint: string,
  container: string,
  prefix: string,
  blobs: readonly BlobProperties[],
): string {
  const entries = blobs.map(
    ({ name, contentLength, contentType, etag, lastModified }) =>
      `<Blob><Name>${escapeXml(name)}</Name><Properties><Last-Modified>${lastModified}</Last-Modified><Etag>${escapeXml(etag)}</Etag>` +
      `<Content-Length>${contentLength}</Content-Length><Content-Type>${escapeXml(contentType)}</Content-Type>` +
      "<BlobType>BlockBlob</BlobType></Properties></Blob>",
  );
  const attributes = `ServiceEndpoint="${escapeXml(endpoint)}" ContainerName="${escapeXml(container)}"`;
  return `${HEAD}<EnumerationResults ${attributes}><Prefix>${escapeXml(prefix)}</Prefix><Blobs>${entries.join("")}</Blobs><NextMarker /></EnumerationResults>`;
}
