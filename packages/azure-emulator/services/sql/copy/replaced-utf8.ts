import { isUtf8 } from "node:buffer";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Replaces bytes that are not UTF-8 by U+FFFD, as .NET's decoder does
 * (https://learn.microsoft.com/dotnet/api/system.text.encoding.utf8). What begins as UTF-16 is left as it is, to be refused.
 * @param bytes in any pieces
 */
export async function* replacedUtf8(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  let isUtf16: boolean | undefined;
  for await (const chunk of bytes) {
    const read = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (isUtf16 === undefined && read.length >= 2) isUtf16 = beginsAsUtf16(read);
    const end = read.length - (isUtf16 === false ? incompleteTail(read) : 0);
    held = read.subarray(end);
    if (end > 0) yield isUtf16 === true ? read : replaced(read.subarray(0, end));
  }
  if (held.length > 0) yield replaced(held);
}

function replaced(bytes: Buffer): Buffer {
  return isUtf8(bytes) ? bytes : Buffer.from(utf8.decode(bytes));
}

function beginsAsUtf16([first, second]: Buffer): boolean {
  return (
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0
  );
}

/** Number of bytes at the end that begin a character and do not end it. */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
