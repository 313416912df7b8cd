import assert from "node:assert/strict";
import { ByteSink } from "./byte-sink";

const textOf = (sink: ByteSink) => Buffer.concat(sink.parts()).toString("utf8");

/** A sink that fills so many chunks. */
function filled(chunks: number): ByteSink {
  const sink = new ByteSink();
  while (sink.parts().length < chunks) sink.write("x".repeat(60_000));
  return sink;
}
const memory = (sink: ByteSink) => sink.parts().map(({ buffer }) => buffer);

describe("a byte sink", () => {
  it("keeps text of every width across its chunks", () => {
    const sink = new ByteSink();
    let expected = "";
    for (let index = 0; index < 5000; index++) {
      const text = `${index} é € \u{1f600} ${"x".repeat(index % 300)}`;
      sink.write(text);
      expected += text;
    }
    assert.equal(textOf(sink), expected);
    assert.equal(sink.length, Buffer.byteLength(expected));
  });

  it("takes a text larger than a chunk", () => {
    const sink = new ByteSink();
    const large = "€".repeat(400_000);
    filled(3).release();
    sink.write("a");
    sink.write(large);
    sink.write("b");
    assert.equal(textOf(sink), `a${large}b`);
  });

  it("undoes the last write, even if it is the first in a chunk", () => {
    const sink = new ByteSink();
    sink.write("keep");
    sink.write("x".repeat(1_000_000));
    sink.undo();
    sink.write("!");
    assert.equal(textOf(sink), "keep!");
    assert.equal(sink.length, 5);
  });

  it("reuses released chunks without mixing their texts", () => {
    const first = new ByteSink();
    for (let index = 0; index < 10; index++) first.write("1".repeat(80_000));
    first.release();
    assert.equal(first.length, 0);
    const [second, third] = [new ByteSink(), new ByteSink()];
    for (let index = 0; index < 10; index++) {
      second.write("2".repeat(80_000));
      third.write("3".repeat(80_000));
    }
    assert.equal(textOf(second), "2".repeat(800_000));
    assert.equal(textOf(third), "3".repeat(800_000));
  });

  it("keeps forty chunks for later sinks, not those that are larger or smaller", () => {
    const first = filled(60);
    first.write("x".repeat(300_000));
    const released = new Set(memory(first));
    first.release();
    assert.deepEqual(first.parts().map(String), [""], "none of its memory is left in the sink");
    const again = memory(filled(60)).filter((buffer) => released.has(buffer));
    assert.deepEqual(
      again.map(({ byteLength }) => byteLength),
      Array.from({ length: 40 }, () => 262_144),
    );
  });

  it("fills a chunk to its last byte", () => {
    const sink = new ByteSink();
    // Room for three bytes each, of which two are left.
    sink.write("x".repeat(15_000));
    sink.write("€".repeat(10_000));
    assert.equal(sink.parts().length, 1);
  });

  it("takes less than a chunk for a small page", () => {
    const sink = new ByteSink();
    sink.write("x");
    assert.ok(memory(sink).every(({ byteLength }) => byteLength < 262_144));
  });
});
