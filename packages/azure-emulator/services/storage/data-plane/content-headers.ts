import { md5Of } from "./received-content";

type Header = (name: string) => string | undefined;

/** The headers that a blob answers with, as the client set them. */
export interface ContentHeaders {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  /** Base64. */
  readonly contentMd5?: string;
}

/** The names of the headers, without what is special about the type. */
const names = {
  contentEncoding: "content-encoding",
  contentLanguage: "content-language",
  contentDisposition: "content-disposition",
  cacheControl: "cache-control",
  contentMd5: "content-md5",
} as const satisfies Partial<Record<keyof ContentHeaders, string>>;

/**
 * The `x-ms-blob-…` headers of Put Blob, Put Block List and Set Blob Properties; what is not sent is not set.
 * Source: learn.microsoft.com/rest/api/storageservices/set-blob-properties.
 * @param type the blob's type if `x-ms-blob-content-type` is not sent
 * @throws blob error InvalidMd5
 */
export function contentHeadersOf(header: Header, type?: string): ContentHeaders {
  const given = Object.entries(names).flatMap(([key, name]): [string, string][] => {
    const value = header(`x-ms-blob-${name}`);
    return value === undefined ? [] : [[key, value]];
  });
  const headers = { ...Object.fromEntries(given) } as Omit<ContentHeaders, "contentType">;
  if (headers.contentMd5 !== undefined) md5Of(headers.contentMd5);
  return {
    contentType: header("x-ms-blob-content-type") ?? type ?? "application/octet-stream",
    ...headers,
  };
}

/** As the headers of an answer. */
export function contentHeadersReply(headers: ContentHeaders): Record<string, string> {
  const given = Object.entries(names).flatMap(([key, name]): [string, string][] => {
    const value = headers[key as keyof typeof names];
    return value === undefined ? [] : [[name, value]];
  });
  return { "content-type": headers.contentType, ...Object.fromEntries(given) };
}
