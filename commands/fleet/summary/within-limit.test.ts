import assert from "node:assert/strict";
import fc from "fast-check";
import { type Part, withinLimit } from "./within-limit";

const rest = (brief: number, none: number) => `${brief} brief, ${none} none`;
const part = (full: string, brief = full.slice(0, 1)): Part => ({ heading: "h", full, brief, changes: 1 });

describe("A document within a limit", () => {
  it("loses the details of its largest part first, wherever that part is", () => {
    const parts = [part("a".repeat(500)), part("b".repeat(50)), part("c".repeat(50))];
    for (const turned of [parts, [...parts].reverse()]) {
      const text = withinLimit("head", turned, rest, 200) ?? "";
      assert.match(text, /b{50}/);
      assert.match(text, /c{50}/);
      assert.match(text, /\n1 brief, 0 none\n$/);
    }
  });

  it("leaves out the last parts if all shortened parts are too long, and never shortens a part that is shorter in full", () => {
    const parts = ["a", "b", "c"].map((letter) => part(letter.repeat(100), letter.repeat(40)));
    const text = withinLimit("head", parts, rest, 110) ?? "";
    assert.match(text, /^head\n\nh\n\na{40}\n\nb{40}\n\n2 brief, 1 none\n$/);
    assert.equal(withinLimit("h", [part("a", "longer")], rest, 12), "h\n\nh\n\na\n");
  });

  it("shortens the last of equal parts first, and shows each heading once", () => {
    const titled = (heading: string, letter: string): Part => ({
      heading,
      full: letter.repeat(50),
      brief: letter,
      changes: 2,
    });
    const parts = [titled("one", "a"), titled("one", "b"), titled("two", "c")];
    const [a, b, c] = parts.map(({ full }) => full);
    const all = `head\n\none\n\n${a}\n\n${b}\n\ntwo\n\n${c}\n`;
    assert.equal(withinLimit("head", parts, rest, all.length), all);
    const less = `head\n\none\n\n${a}\n\n${b}\n\ntwo\n\nc\n\n2 brief, 0 none\n`;
    assert.equal(withinLimit("head", parts, rest, all.length - 1), less);
    assert.equal(withinLimit("head", parts, rest, less.length), less);
    const least = "head\n\none\n\na\n\nb\n\ntwo\n\nc\n\n6 brief, 0 none\n";
    assert.equal(withinLimit("head", parts, rest, least.length), least);
    const fewer = "head\n\none\n\na\n\nb\n\n4 brief, 2 none\n";
    assert.equal(withinLimit("head", parts, rest, least.length - 1), fewer);
    const none = "head\n\n0 brief, 6 none\n";
    assert.equal(withinLimit("head", parts, rest, none.length), none);
    assert.equal(withinLimit("head", parts, rest, none.length - 1), undefined);
  });

  it("does not count a part that cannot be shortened as short", () => {
    const parts = [part("a".repeat(30)), { ...part("b"), brief: "b" }, { ...part("c"), brief: "longer" }];
    assert.match(withinLimit("head", parts, rest, 45) ?? "", /a\n\nb\n\nc\n\n1 brief, 0 none\n$/);
  });

  it("is undefined if the head alone is too long", () => {
    assert.equal(withinLimit("head", [], rest, 4), undefined);
    assert.equal(withinLimit("head", [], rest, 5), "head\n");
  });

  it("never exceeds it, and shows as many details as could be shown", () => {
    const text = fc.integer({ min: 1, max: 60 }).map((length) => "x".repeat(length));
    const parts = fc.array(
      fc.tuple(text, fc.integer({ min: 1, max: 9 })).map(([full, brief]) => part(full, full.slice(0, brief))),
      { maxLength: 7 },
    );
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 400 }), (all, limit) => {
        const shown = withinLimit("head", all, rest, limit);
        if (shown === undefined) return;
        assert.ok(shown.length <= limit);
        const [, brief, none] = /\n(\d+) brief, (\d+) none\n$/.exec(shown) ?? [];
        if (none !== "0" || brief === undefined || Number(brief) < 2) return;
        // With one part fewer shortened it would not fit, whichever part that is.
        const full = withinLimit("head", all, rest, Number.POSITIVE_INFINITY) ?? "";
        const saved = all.map((one) => one.full.length - one.brief.length).sort((a, b) => b - a);
        const least = saved.slice(0, Number(brief) - 1).reduce((sum, one) => sum + one, 0);
        const sentence = rest(Number(brief) - 1, 0).length + 2;
        assert.ok(full.length - least + sentence > limit);
      }),
    );
  });
});
