import { blobError } from "./blob-error";

const PREFIX = "x-ms-meta-";
const LIMIT = 8 * 1024;

/**
 * The metadata in a request's headers, with their spelling. Names follow C#'s rules for identifiers; names and values have 8 KB
 * in all. Source: learn.microsoft.com/rest/api/storageservices/setting-and-retrieving-properties-and-metadata-for-blob-resources.
 * @param raw names and values in turn, as they arrived
 * @throws blob errors EmptyMetadataKey, InvalidMetadata, MetadataTooLarge
 */
export function metadataOf(raw: readonly string[]): Record<string, string> {
  const found = new Map<string, [name: string, value: string]>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [header = "", value = ""] = raw.slice(index, index + 2);
    if (!header.toLowerCase().startsWith(PREFIX)) continue;
    const name = header.slice(PREFIX.length);
    if (name === "") throw blobError("EmptyMetadataKey");
    if (!/^[a-z_][a-z0-9_]*$/i.test(name)) throw blobError("InvalidMetadata", `'${name}' is no identifier.`);
    const before = found.get(name.toLowerCase());
    found.set(name.toLowerCase(), [name, before === undefined ? value : `${before[1]},${value}`]);
  }
  const metadata = Object.fromEntries(found.values());
  const size = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > LIMIT) throw blobError("MetadataTooLarge");
  return metadata;
}

/** As the headers of an answer. */
export function metadataReply(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`${PREFIX}${name}`, value]));
}
