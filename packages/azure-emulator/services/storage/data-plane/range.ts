/** Bytes of a content, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes that a header such as `bytes=0-99` or `bytes=5-` asks for. Storage ignores any other form.
 * Source: learn.microsoft.com/rest/api/storageservices/specifying-the-range-header-for-blob-service-operations.
 * @returns "outside" if it begins after the end
 */
export function rangeOf(header: string | undefined, length: number): ByteRange | "outside" | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined) return undefined;
  const range = { start: Number(first), end: last ? Math.min(Number(last), length - 1) : length - 1 };
  return range.start > range.end ? "outside" : range;
}
