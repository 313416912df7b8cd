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

  function board(tenants: readonly string[]) {
    let written = "";
    const write = (text: string) => {
      written += text;
      return true;
    };
    const shown = liveBoard(tenants, { rows: 24, columns: 80, write } as unknown as NodeJS.WriteStream);
    ending.push(shown.end);
    return { ...shown, screen: () => screenOf(written) };
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
    assert.ok(printed.every((line) => !line.includes("\u001b")));
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
