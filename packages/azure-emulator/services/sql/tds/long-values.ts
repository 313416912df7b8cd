import type { ByteReader } from "./byte-reader";

/** A value after its length in two bytes; null for 0xFFFF. */
export function counted(reader: ByteReader): Buffer | null {
  const length = reader.u16();
  return length === 0xffff ? null : reader.take(length);
}

/** Partially length-prefixed (PLP): total length or unknown, then chunks up to an empty one. */
export function partial(reader: ByteReader): Buffer | null {
  if (reader.u64() === 0xffff_ffff_ffff_ffffn) return null;
  const chunks: Buffer[] = [];
  for (;;) {
    const length = reader.u32();
    if (length === 0) break;
    chunks.push(reader.take(length));
  }
  return chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks);
}
