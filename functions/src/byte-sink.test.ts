import assert from "node:assert/strict";
import { ByteSink } from "./byte-sink";

const textOf = (sink: ByteSink) => Buffer.concat(sink.parts()).toString("utf8");

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
});
