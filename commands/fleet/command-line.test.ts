import assert from "node:assert/strict";
import { InvalidArgumentError } from "commander";
import fc from "fast-check";
import { parseDuration, parseList, parseTag, parseThreshold, parseWhole } from "./arguments";
import { endedLine, fitting } from "./board";
import { stepText } from "./event-log-tail";
import { inParallel } from "./in-parallel";
import { shares } from "./local-runner";
import { outcomeOf } from "./outcome";

describe("The fleet's command line", () => {
  it("reads lists, tags, times and thresholds", () => {
    assert.deepEqual(parseList("a,b,"), ["a", "b"]);
    assert.deepEqual(parseTag("ring!=canary", parseTag("a=b!=c")), [
      { key: "a", value: "b!=c", isNot: false },
      { key: "ring", value: "canary", isNot: true },
    ]);
    assert.deepEqual(["90s", "30m", "2h"].map(parseDuration), [90_000, 1_800_000, 7_200_000]);
    assert.deepEqual(parseThreshold("10%"), { most: 10, isPercent: true });
    assert.deepEqual(parseThreshold("2"), { most: 2, isPercent: false });
  });

  it("refuses values in any other form", () => {
    for (const read of [
      () => parseList(","),
      () => parseTag("canary"),
      () => parseDuration("5"),
      () => parseDuration("600h"),
      () => parseThreshold("-1"),
      () => parseWhole("0"),
      () => parseWhole("1.5"),
    ])
      assert.throws(read, InvalidArgumentError);
  });

  it("shows running and failed tenants first if the terminal is too short", () => {
    const lines = [...Array.from({ length: 30 }, (_, i) => `✓ done-${i}`), "▸ working", "✗ failed"];
    const shown = fitting(lines, 10, 80);
    assert.equal(shown.length, 8);
    assert.ok(shown.includes("▸ working") && shown.includes("✗ failed"));
    assert.equal(shown.at(-1), "  … and 25 more");
    assert.deepEqual(fitting(["short", "x".repeat(100)], 10, 20), ["short", `${"x".repeat(18)}…`]);
  });

  it("shows the first line of a failure", () => {
    assert.equal(
      endedLine(outcomeOf("acme", "failed", "No quota.\nMore.")),
      "✗ acme: failed: No quota. (0.0 s)",
    );
  });

  it("reports the engine's current step", () => {
    const metadata = { op: "update", urn: "urn:pulumi:a::b::c$d::group" };
    assert.equal(stepText(JSON.stringify({ resourcePreEvent: { metadata } })), "update group");
    assert.equal(
      stepText(JSON.stringify({ resourcePreEvent: { metadata: { ...metadata, op: "same" } } })),
      undefined,
    );
    for (const other of ["", "{", '{"resourcePreEvent', '{"stdoutEvent":{}}'])
      assert.equal(stepText(other), undefined);
  });

  it("divides the tenants evenly, each once", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 8 }), (tenants, most) => {
        const all = shares(tenants, most);
        assert.ok(all.length <= most);
        assert.deepEqual(all.flat().sort(), [...tenants].sort());
        const sizes = all.map(({ length }) => length);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      }),
    );
  });

  it("never exceeds its limit of parallel work, and starts nothing once stopped", async () => {
    let running = 0;
    let peak = 0;
    const begun: number[] = [];
    await inParallel(
      [1, 2, 3, 4, 5, 6],
      2,
      () => begun.length >= 4,
      async (item) => {
        begun.push(item);
        peak = Math.max(peak, ++running);
        await new Promise(setImmediate);
        running--;
      },
    );
    assert.deepEqual(begun, [1, 2, 3, 4]);
    assert.equal(peak, 2);
  });
});
