import assert from "node:assert/strict";
import fc from "fast-check";
import { MessageReader } from "./message-reader";
import { MessageWriter } from "./message-writer";
import { packetType } from "./protocol";

/** A receiver that reads the bytes late, like a slow socket. */
class SlowReceiver {
  readonly messages: Buffer[] = [];
  readonly memory: ArrayBufferLike[] = [];
  readonly #waiting: { readonly packets: Buffer; readonly taken: () => void }[] = [];
  readonly #reader = new MessageReader(({ body }) => this.messages.push(Buffer.from(body)));

  constructor() {
    this.#reader.limit = 1 << 30;
  }

  readonly send = (packets: Buffer, taken: () => void): boolean => {
    this.memory.push(packets.buffer);
    return this.#waiting.push({ packets, taken }) < 4;
  };

  /** Takes the next packets, if there are any. */
  take(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#reader.push(Buffer.from(next.packets));
    next.taken();
  }

  takeAll(): void {
    while (this.#waiting.length > 0) this.take();
  }
}

const large = (fill: number) => Buffer.alloc(140_000, fill);

describe("MessageWriter", () => {
  it("does not overwrite sent bytes until the receiver has taken them", () => {
    const piece = fc.record({
      size: fc.oneof(fc.nat({ max: 2000 }), fc.integer({ min: 100_000, max: 400_000 })),
      fill: fc.integer({ min: 1, max: 255 }),
      takes: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const receiver = new SlowReceiver();
        const writer = new MessageWriter(receiver.send, 4096, packetType.response);
        for (const { size, fill, takes } of pieces) {
          writer.bytes(Buffer.alloc(size, fill)).flushIfFull();
          writer.end();
          for (let take = 0; take < takes; take++) receiver.take();
        }
        receiver.takeAll();
        const bodies = pieces.map(({ size, fill }) => Buffer.alloc(size, fill));
        assert.equal(receiver.messages.length, bodies.length);
        for (const [index, body] of bodies.entries()) assert.ok(receiver.messages[index]?.equals(body));
      }),
      { numRuns: 50 },
    );
  });

  it("reuses the memory of large answers once it is free", () => {
    const receiver = new SlowReceiver();
    const writer = new MessageWriter(receiver.send, 4096, packetType.response);
    for (let fill = 1; fill <= 20; fill++) {
      writer.bytes(large(fill)).flush();
      receiver.takeAll();
    }
    writer.end();
    assert.equal(new Set(receiver.memory.slice(0, 20)).size, 1);
  });
});
