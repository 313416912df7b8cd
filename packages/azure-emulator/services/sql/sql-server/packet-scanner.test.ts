import assert from "node:assert/strict";
import fc from "fast-check";
import { MessageWriter } from "../tds/message-writer";
import { ProtocolError } from "../tds/protocol";
import { type Packet, PacketScanner } from "./packet-scanner";

function stream(messages: readonly Uint8Array[], packetSize: number): Buffer {
  const parts: Buffer[] = [];
  const writer = new MessageWriter((packets) => {
    parts.push(packets);
    return true;
  }, packetSize);
  for (const message of messages) writer.bytes(Buffer.from(message)).end();
  return Buffer.concat(parts);
}

describe("PacketScanner", () => {
  it("passes on every byte and finds every message, however the stream is cut", () => {
    const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3000 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        messages,
        fc.array(fc.nat(20_000)),
        fc.constantFrom(512, 4096),
        (given, cuts, packetSize) => {
          const bytes = stream(given, packetSize);
          const ends = [...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
          const scanner = new PacketScanner();
          const passed: Buffer[] = [];
          const packets: Packet[] = [];
          ends.forEach((end, index) => {
            const found = scanner.push(bytes.subarray(ends[index - 1] ?? 0, end));
            passed.push(found.bytes);
            packets.push(...found.packets);
          });
          assert.deepEqual(Buffer.concat(passed), bytes);
          const found: Buffer[][] = [];
          for (const { first, body } of packets) {
            if (first) found.push([]);
            found.at(-1)?.push(body);
          }
          assert.deepEqual(
            found.map((bodies) => Buffer.concat(bodies)),
            given.map((message) => Buffer.from(message)),
          );
          assert.equal(packets.filter(({ last }) => last).length, given.length);
        },
      ),
    );
  });

  it("refuses a packet shorter than its header", () => {
    assert.throws(() => new PacketScanner().push(Buffer.from([1, 1, 0, 7, 0, 0, 0, 0])), ProtocolError);
  });
});
