import assert from "node:assert/strict";
import { InvalidArgumentError } from "commander";
import fc from "fast-check";
import { parseDuration, parseList, parseTag, parseThreshold, parseWhole } from "./arguments";
import { endedLine, fitting } from "./board";
import { stepText } from "./event-log-tail";
import { inParallel } from "./in-parallel";
import { outcomeOf } from "./outcome";
import { shares } from "./shares";

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

  it("takes every unit, and values up to the limits", () => {
    assert.deepEqual(["0s", "1m", "500h"].map(parseDuration), [0, 60_000, 1_800_000_000]);
    assert.deepEqual(parseTag("a="), [{ key: "a", value: "", isNot: false }]);
    assert.deepEqual(["1", "12"].map(parseWhole), [1, 12]);
    assert.deepEqual(parseThreshold("0"), { most: 0, isPercent: false });
  });

  const refusals: Record<string, [(text: string) => unknown, readonly string[]]> = {
    "Expects names, separated by commas.": [parseList, ["", ",", ",,"]],
    "Expects <tag>=<value> or <tag>!=<value>, for instance ring=canary.": [
      parseTag,
      ["canary", "", "=x", "==x"],
    ],
    "It must be a whole number, 1 or more.": [parseWhole, ["0", "1.5", "-1", "1x", "x1", "", " 1", "1e3"]],
    "Expects a time such as 90s, 30m or 2h.": [parseDuration, ["5", "5d", "s", "-5s", "5s5", "1.5h", "5 s"]],
    "Expects at most 500h.": [parseDuration, ["501h", "600h", "1800001s"]],
    "Expects a number of tenants or a percentage, such as 2 or 10%.": [
      parseThreshold,
      ["-1", "%", "10%%", "x", "1x", "x1", ""],
    ],
  };
  for (const [message, [read, texts]] of Object.entries(refusals))
    it(`refuses values in any other form: ${message}`, () => {
      for (const text of texts)
        assert.throws(
          () => read(text),
          (error: unknown) => error instanceof InvalidArgumentError && error.message === message,
          text,
        );
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
    const preview = JSON.stringify({ resourcePreEvent: { planning: true, metadata } });
    assert.equal(stepText(preview), "preview update group");
    for (const other of ["", "{", '{"resourcePreEvent"', '{"stdoutEvent":{"resourcePreEvent":1}}'])
      assert.equal(stepText(other), undefined);
  });

  it("starts another process only for eight more tenants", () => {
    const tenants = Array.from({ length: 17 }, (_, index) => `t${index}`);
    const numbers = [0, 1, 15, 16, 17].map((number) => shares(tenants.slice(0, number), 4).length);
    assert.deepEqual(numbers, [1, 1, 1, 2, 2]);
    assert.equal(shares(tenants, 1).length, 1);
    assert.deepEqual(
      shares(tenants, 2).map(({ length }) => length),
      [9, 8],
    );
    assert.deepEqual(shares(tenants, 2).flat().sort(), [...tenants].sort());
  });

  it("divides the tenants evenly, each once", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { size: "medium" }),
        fc.integer({ min: 1, max: 8 }),
        (tenants, most) => {
          const all = shares(tenants, most);
          assert.ok(all.length <= most);
          assert.deepEqual(all.flat().sort(), [...tenants].sort());
          const sizes = all.map(({ length }) => length);
          assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
        },
      ),
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

  it("does the other parallel work if one fails, then throws its error", async () => {
    const done: number[] = [];
    const all = inParallel(
      [1, 2, 3, 4],
      2,
      () => false,
      async (item) => {
        if (item === 1) throw new Error("one");
        done.push(item);
      },
    );
    await assert.rejects(all, /^Error: one$/);
    assert.deepEqual(done, [2, 3, 4]);
    await inParallel(
      [],
      2,
      () => false,
      () => assert.fail(),
    );
  });
});
