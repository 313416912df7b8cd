import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { QtError } from "../../errors/qt-error";
import type { Question } from "./questions";
import { terminalAsk } from "./terminal-ask";

const question: Question = {
  message: "Organisation",
  explanation: "Whose datasets are taken.",
  problem: (text) => (/^[a-z]+$/.test(text) ? undefined : "Expects small letters"),
};

describe("Asking on a terminal", () => {
  /** Types each text once the screen shows the expected text. */
  async function type(asked: Question, script: readonly (readonly [RegExp, string])[]) {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let screen = "";
    const seen: string[] = [];
    output.on("data", (data) => (screen += stripVTControlCharacters(String(data))));
    const answer = terminalAsk(input, output)(asked);
    answer.catch(() => {});
    for (const [awaited, keys] of script) {
      while (!awaited.test(screen)) await once(output, "data");
      seen.push(screen);
      screen = "";
      for (const key of keys) input.write(key);
    }
    return { answer: await answer, screen, seen };
  }

  it("explains, reports a mistake while it is typed, and does not accept it", async () => {
    const { answer } = await type(question, [
      [/Organisation[\s\S]*Whose datasets are taken/, "ab1"],
      [/Expects small letters/, "\r"],
      [/! Organisation/, "\x7fc\r"],
    ]);
    assert.equal(answer, "abc");
  });

  it("clears the message about a refused answer with the next key", async () => {
    const { answer, seen } = await type(question, [
      [/\? Organisation/, "\r"],
      [/! Organisation[\s\S]*Expects small letters/, "\x7f"],
      [/\? Organisation[\s\S]*taken/, "ab\r"],
    ]);
    assert.equal(answer, "ab");
    assert.ok(!seen[2]?.includes("Expects"), seen[2]);
  });

  it("shows what a text is changed into", async () => {
    const becomes = (text: string) => (text === "small" ? undefined : `Becomes ${text.length} letters`);
    const { screen } = await type({ ...question, becomes }, [
      [/Organisation/, "ab"],
      [/Becomes 2 letters/, "\r"],
    ]);
    assert.match(screen, /✓ Organisation: ab \(Becomes 2 letters\)/);
  });

  it("does not draw a secret", async () => {
    const secret = { ...question, isSecret: true, problem: () => undefined };
    const { answer, screen } = await type(secret, [[/hidden/, "hunter2\r"]]);
    assert.equal(answer, "hunter2");
    for (const part of ["hunter2", "hun", "*", "▪", "•"]) assert.ok(!screen.includes(part), part);
  });

  it("ends without an answer if the person cancels", async () => {
    await assert.rejects(
      type(question, [[/Organisation/, "\x03"]]),
      (error) => error instanceof QtError && error.code === "QT9105",
    );
  });
});
