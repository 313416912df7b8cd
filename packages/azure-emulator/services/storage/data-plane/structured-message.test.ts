import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { decodeStructured, encodeStructured, structuredLength } from "./structured-message";

const all = async (parts: AsyncIterable<Buffer>) => {
  const found: Buffer[] = [];
  for await (const part of parts) found.push(part);
  return Buffer.concat(found);
};
const encoded = (content: Buffer) => all(encodeStructured(Readable.from([content]), content.length));
/** In pieces of a few bytes, as a network may deliver them. */
const pieces = (message: Buffer, size = 7) =>
  Readable.from(
    Array.from({ length: Math.ceil(message.length / size) }, (_, at) =>
      message.subarray(at * size, at * size + size),
    ),
  );

describe("structured messages", () => {
  it("have 39 bytes around a short content", async () => {
    assert.equal((await encoded(Buffer.from("abc"))).length, 42);
    assert.equal(structuredLength(3), 42);
  });

  it("come back as they were, also in several segments", async () => {
    for (const content of [
      Buffer.alloc(0),
      Buffer.from("abc"),
      Buffer.alloc(9 * 1024 * 1024, "0123456789"),
    ]) {
      const message = await encoded(content);
      assert.equal(message.length, structuredLength(content.length));
      assert.ok((await all(decodeStructured(pieces(message, 60_000)))).equals(content));
    }
  });

  it("are refused if a byte of the content, a checksum, a number or the length is wrong", async () => {
    const message = await encoded(Buffer.from("hello"));
    const changed = (at: number) => {
      const copy = Buffer.from(message);
      copy[at] = (copy[at] as number) ^ 1;
      return all(decodeStructured(pieces(copy)));
    };
    await assert.rejects(changed(23), { code: "Crc64Mismatch" });
    await assert.rejects(changed(28), { code: "Crc64Mismatch" });
    await assert.rejects(changed(message.length - 1), { code: "Crc64Mismatch" });
    await assert.rejects(changed(13), { code: "InvalidInput" });
    await assert.rejects(changed(1), { code: "InvalidInput" });
    await assert.rejects(changed(0), { code: "InvalidInput" });
    await assert.rejects(all(decodeStructured(pieces(message.subarray(0, -3)))), { code: "InvalidInput" });
  });
});
