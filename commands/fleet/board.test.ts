import assert from "node:assert/strict";
import { fitting, isLiveTerminal, liveBoard, plainBoard } from "./board";
import { outcomeOf } from "./outcome";

describe("The board of a run", () => {
  /** What a terminal shows after these writes. Knows only the board's control sequences. */
  function screenOf(written: string): string[] {
    const lines = [""];
    for (const part of written.replaceAll("\u001b[J", "").split("\u001b[")) {
      const [, up, text = part] = /^(\d+)A(.*)$/s.exec(part) ?? [];
      if (up !== undefined) lines.splice(lines.length - 1 - Number(up), Number(up));
      const [first = "", ...rest] = text.split("\n");
      lines[lines.length - 1] += first;
      lines.push(...rest);
    }
    return lines;
  }

  const ending: (() => void)[] = [];
  afterEach(() => {
    for (const end of ending.splice(0)) end();
  });

  function board(tenants: readonly string[], size: object = { rows: 24, columns: 80 }) {
    let written = "";
    const write = (text: string) => {
      written += text;
      return true;
    };
    const shown = liveBoard(tenants, { ...size, write } as unknown as NodeJS.WriteStream);
    ending.push(shown.end);
    return { ...shown, screen: () => screenOf(written), written: () => written };
  }

  it("keeps a note above the lines that are redrawn in place", () => {
    const { show, end, screen } = board(["a", "b"]);
    show({ kind: "note", text: "Stopping." });
    assert.deepEqual(screen(), ["Stopping.", "  a", "  b", ""]);
    show({ kind: "note", text: "Stopping at once." });
    show({ kind: "ended", outcome: outcomeOf("a", "stopped", "why") });
    end();
    assert.deepEqual(screen(), ["Stopping.", "Stopping at once.", "■ a: why (0.0 s)", "  b", ""]);
  });

  it("lets no text move the cursor", () => {
    const evil = "x\u001b[2J\ny\u202e";
    const { show, end, screen } = board(["a", "b"]);
    show({ kind: "note", text: evil });
    show({ kind: "progress", tenant: "a", text: evil });
    show({ kind: "ended", outcome: outcomeOf("b", "failed", evil) });
    end();
    assert.deepEqual(screen(), [
      "x\\u{1b}[2J",
      "y\\u{202e}",
      "▸ a: x\\u{1b}[2J y\\u{202e}",
      "✗ b: failed: x\\u{1b}[2J (0.0 s)",
      "",
    ]);
    const printed: string[] = [];
    const plain = plainBoard((line) => printed.push(line));
    plain.show({ kind: "note", text: evil });
    plain.show({ kind: "ended", outcome: outcomeOf("b", "failed", evil) });
    assert.deepEqual(printed, ["x\\u{1b}[2J\ny\\u{202e}", "✗ b: failed: x\\u{1b}[2J (0.0 s)"]);
  });

  it("shows of each tenant where it is, and how long it took in the end", () => {
    const { show, end, screen } = board(["a", "b"]);
    show({ kind: "started", tenant: "b" });
    show({ kind: "note", text: "Now." });
    assert.deepEqual(screen(), ["Now.", "  a", "▸ b", ""]);
    show({ kind: "progress", tenant: "b", text: "update  the\n group" });
    show({ kind: "ended", outcome: outcomeOf("a", "done", undefined, { durationMs: 1250 }) });
    end();
    assert.deepEqual(screen(), ["Now.", "✓ a: no changes (1.3 s)", "▸ b: update the group", ""]);
  });

  it("draws at its end what is not drawn yet, once", () => {
    const { end, screen, written } = board(["a"]);
    end();
    assert.deepEqual(screen(), ["  a", ""]);
    assert.equal(written(), "\u001b[J  a\n");
    end();
    assert.equal(written(), "\u001b[J  a\n");
  });

  it("does not move above its first line for a note before it has drawn", () => {
    const { show, written } = board(["a"]);
    show({ kind: "note", text: "Now." });
    assert.equal(written(), "Now.\n\u001b[J  a\n");
  });

  it("fits the terminal, and 24 lines of 80 characters if the terminal has no size", () => {
    const tenants = Array.from({ length: 30 }, (_, index) => `t${index}`.padEnd(90, "-"));
    const drawn = (size: object) => {
      const { end, screen } = board(tenants, size);
      end();
      const lines = screen().slice(0, -1);
      return [lines.length, lines[0]?.length];
    };
    assert.deepEqual(drawn({}), [22, 79]);
    assert.deepEqual(drawn({ rows: 0, columns: 0 }), [22, 79]);
    assert.deepEqual(drawn({ rows: 10, columns: 40 }), [8, 39]);
  });

  it("prints notes and ends only, without tenants that were not started, if it cannot redraw", () => {
    const printed: string[] = [];
    const { show, end } = plainBoard((line) => printed.push(line));
    show({ kind: "started", tenant: "a" });
    show({ kind: "progress", tenant: "a", text: "update group" });
    show({ kind: "note", text: "Ring canary: a" });
    show({ kind: "ended", outcome: outcomeOf("a", "done") });
    show({ kind: "ended", outcome: outcomeOf("b", "not started") });
    end();
    assert.deepEqual(printed, ["Ring canary: a", "✓ a: no changes (0.0 s)"]);
  });

  it("leaves out lines only if there is no room for them, the first tenants last", () => {
    const lines = ["a", "▸ b", "c ▸", "■ d"];
    assert.deepEqual(fitting(lines, 6, 80), lines);
    // At least three lines, even of a terminal that is too short.
    assert.deepEqual(fitting(lines, 1, 80), ["▸ b", "■ d", "  … and 2 more"]);
    assert.deepEqual(fitting(["▸ 1", "▸ 2", "▸ 3", "▸ 4"], 5, 80), ["▸ 1", "▸ 2", "  … and 2 more"]);
    assert.deepEqual(fitting([...lines, "e"], 6, 80), ["a", "▸ b", "■ d", "  … and 2 more"]);
  });

  it("cuts a line that would reach the last column", () => {
    assert.deepEqual(fitting(["1234567", "12345678"], 10, 8), ["1234567", "123456…"]);
  });

  it("cuts by display width, and never splits a character", () => {
    assert.deepEqual(fitting(["日本語日本語", "😀😀😀"], 10, 8), ["日本語…", "😀😀😀"]);
    assert.deepEqual(fitting(["😀😀😀😀"], 10, 7), ["😀😀…"]);
  });

  it("redraws in place only on terminals that support it", () => {
    assert.ok(isLiveTerminal({ isTTY: true }, { TERM: "xterm" }));
    assert.ok(!isLiveTerminal({ isTTY: true }, { TERM: "dumb" }));
    assert.ok(!isLiveTerminal({ isTTY: true }, { CI: "true" }));
    assert.ok(!isLiveTerminal({ isTTY: false }, {}));
  });
});
