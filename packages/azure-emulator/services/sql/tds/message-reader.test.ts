import assert from "node:assert/strict";
import fc from "fast-check";
import { type Message, MessageReader } from "./message-reader";
import { MessageWriter } from "./message-writer";
import { ProtocolError, packetType } from "./protocol";

/** The packets that a writer with this packet size sends for the bodies. */
function packets(bodies: readonly Uint8Array[], packetSize: number): Buffer {
  const sent: Buffer[] = [];
  const writer = new MessageWriter((bytes) => sent.push(bytes) > 0, packetSize, packetType.batch);
  for (const body of bodies) {
    writer.bytes(Buffer.from(body));
    writer.flushIfFull();
    writer.end();
  }
  return Buffer.concat(sent);
}

function read(bytes: Buffer, cuts: readonly number[]): Message[] {
  const messages: Message[] = [];
  const reader = new MessageReader((message) => messages.push(message));
  const sorted = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  reader.limit = 10_000_000;
  for (const [index, end] of sorted.slice(1).entries()) reader.push(bytes.subarray(sorted[index], end));
  return messages;
}

const body = fc.uint8Array({ maxLength: 3000 });

describe("MessageReader", () => {
  it("returns the messages of a writer, however the stream is cut and whatever the packet size", () => {
    fc.assert(
      fc.property(
        fc.array(body, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 512, max: 32_767 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (bodies, packetSize, cuts) => {
          const messages = read(packets(bodies, packetSize), cuts);
          assert.deepEqual(
            messages.map((message) => [...message.body]),
            bodies.map((one) => [...one]),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("cuts a message of megabytes into full packets", () => {
    const large = Buffer.alloc(6_000_001, "x");
    const [message, ...others] = read(packets([large], 4096), [1, 9, 70_000]);
    assert.equal(others.length, 0);
    assert.ok(message?.body.equals(large));
  });

  it("throws only ProtocolError on garbage", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (chunks) => {
        const reader = new MessageReader(() => {});
        try {
          for (const chunk of chunks) reader.push(Buffer.from(chunk));
        } catch (error) {
          assert.ok(error instanceof ProtocolError);
        }
      }),
    );
  });

  it("refuses a message over its limit before it is complete", () => {
    const reader = new MessageReader(() => {});
    reader.limit = 10_000;
    assert.throws(() => reader.push(packets([Buffer.alloc(20_000)], 4096)), ProtocolError);
  });

  it("refuses an unknown packet type at its first byte", () => {
    const reader = new MessageReader(() => {});
    assert.throws(() => reader.push(Buffer.from("G")), ProtocolError);
  });

  it("refuses a packet of another type within a message", () => {
    const half = packets([Buffer.alloc(1000)], 512).subarray(0, 512);
    const other = Buffer.from([packetType.rpc, 1, 0, 8, 0, 0, 0, 0]);
    const reader = new MessageReader(() => {});
    assert.throws(() => reader.push(Buffer.concat([half, other])), /message within a message/);
  });
});
