import { escapeXml } from "../../../../kit/escape-xml";
import type { ArmResource } from "../../../control-plane/resource";
import type { Blob, Block } from "./blob-folder";
import { leaseState } from "./lease";
import type { Page } from "./list-page";

const HEAD = '<?xml version="1.0" encoding="utf-8"?>';
/** Characters that XML has no form for: a name with one is shown percent-encoded. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** An error in Blob storage's XML. */
export function errorXml(code: string, message: string, requestId: string): string {
  const words = `${message}\nRequestId:${requestId}\nTime:${new Date().toISOString()}`;
  return `${HEAD}<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(words)}</Message></Error>`;
}

/** What a list of blobs shows, and for what it was asked. */
export interface BlobList {
  /** With a slash at the end. */
  readonly endpoint: string;
  readonly container: string;
  readonly asked: URLSearchParams;
  readonly page: Page<Blob>;
  readonly withMetadata: boolean;
}

/** The answer of List Blobs. Source: learn.microsoft.com/rest/api/storageservices/list-blobs. */
export function blobListXml({ endpoint, container, asked, page, withMetadata }: BlobList): string {
  const entries = page.entries.map((entry) =>
    "item" in entry ? blobXml(entry.item, withMetadata) : `<BlobPrefix>${nameXml(entry.prefix)}</BlobPrefix>`,
  );
  const attributes = `ServiceEndpoint="${escapeXml(endpoint)}" ContainerName="${escapeXml(container)}"`;
  return listXml(attributes, asked, "Blobs", entries, page.next);
}

/** The answer of List Containers. Source: learn.microsoft.com/rest/api/storageservices/list-containers2. */
export function containerListXml(
  endpoint: string,
  asked: URLSearchParams,
  page: Page<ArmResource>,
  metadataOf: ((container: ArmResource) => Readonly<Record<string, string>>) | undefined,
): string {
  const entries = page.entries.map((entry) => {
    if (!("item" in entry)) return "";
    const { name, properties } = entry.item;
    return (
      `<Container>${nameXml(name)}<Properties>` +
      element("Last-Modified", new Date(String(properties.lastModifiedTime)).toUTCString()) +
      element("Etag", String(properties.etag)) +
      "<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>" +
      "<DefaultEncryptionScope>$account-encryption-key</DefaultEncryptionScope><DenyEncryptionScopeOverride>false</DenyEncryptionScopeOverride>" +
      "<HasImmutabilityPolicy>false</HasImmutabilityPolicy><HasLegalHold>false</HasLegalHold>" +
      `</Properties>${metadataOf === undefined ? "" : metadataXml(metadataOf(entry.item))}</Container>`
    );
  });
  return listXml(`ServiceEndpoint="${escapeXml(endpoint)}"`, asked, "Containers", entries, page.next);
}

/** The answer of Get Block List. Source: learn.microsoft.com/rest/api/storageservices/get-block-list. */
export function blockListXml(
  committed: readonly Block[] | undefined,
  uncommitted: readonly Block[] | undefined,
): string {
  const part = (name: string, blocks: readonly Block[] | undefined) =>
    blocks === undefined
      ? ""
      : `<${name}>${blocks.map(({ id, size }) => `<Block>${element("Name", id)}<Size>${size}</Size></Block>`).join("")}</${name}>`;
  return `${HEAD}<BlockList>${part("CommittedBlocks", committed)}${part("UncommittedBlocks", uncommitted)}</BlockList>`;
}

function listXml(
  attributes: string,
  asked: URLSearchParams,
  name: string,
  entries: readonly string[],
  next: string,
) {
  const echoed = (
    [
      ["Prefix", "prefix"],
      ["Marker", "marker"],
      ["MaxResults", "maxresults"],
      ["Delimiter", "delimiter"],
    ] as const
  ).map(([tag, key]) => (asked.has(key) ? element(tag, asked.get(key) ?? "") : ""));
  return `${HEAD}<EnumerationResults ${attributes}>${echoed.join("")}<${name}>${entries.join("")}</${name}>${element("NextMarker", next)}</EnumerationResults>`;
}

function blobXml(blob: Blob, withMetadata: boolean): string {
  const { headers, lease } = blob;
  const state = leaseState(lease);
  const properties = [
    element("Creation-Time", blob.created),
    element("Last-Modified", blob.lastModified),
    // In a list without its quotes.
    element("Etag", blob.etag.replaceAll('"', "")),
    element("Content-Length", String(blob.contentLength)),
    element("Content-Type", headers.contentType),
    element("Content-Encoding", headers.contentEncoding),
    element("Content-Language", headers.contentLanguage),
    "<Content-CRC64 />",
    element("Content-MD5", headers.contentMd5),
    element("Cache-Control", headers.cacheControl),
    element("Content-Disposition", headers.contentDisposition),
    "<BlobType>BlockBlob</BlobType>",
    element("AccessTier", blob.accessTier ?? "Hot"),
    blob.accessTier === undefined ? "<AccessTierInferred>true</AccessTierInferred>" : "",
    element("LeaseStatus", state === "leased" || state === "breaking" ? "locked" : "unlocked"),
    element("LeaseState", state),
    state === "leased" ? element("LeaseDuration", lease?.duration === -1 ? "infinite" : "fixed") : "",
    "<ServerEncrypted>true</ServerEncrypted>",
  ];
  return `<Blob>${nameXml(blob.name)}<Properties>${properties.join("")}</Properties>${withMetadata ? metadataXml(blob.metadata) : ""}<OrMetadata /></Blob>`;
}

function nameXml(name: string): string {
  return NO_XML.test(name)
    ? `<Name Encoded="true">${escapeXml(encodeURIComponent(name))}</Name>`
    : element("Name", name);
}

function metadataXml(metadata: Readonly<Record<string, string>>): string {
  const entries = Object.entries(metadata).map(([name, value]) => element(name, value));
  return entries.length === 0 ? "<Metadata />" : `<Metadata>${entries.join("")}</Metadata>`;
}

function element(name: string, text: string | undefined): string {
  return text === undefined || text === "" ? `<${name} />` : `<${name}>${escapeXml(text)}</${name}>`;
}
