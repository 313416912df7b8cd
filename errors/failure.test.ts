import assert from "node:assert/strict";
import { CommanderError } from "commander";
import { failureOf, failureText } from "./failure";
import { QtError } from "./qt-error";

describe("a command's failure", () => {
  it("is the catalogue's entry, for machines and for people", () => {
    const thrown = new QtError("QT9003", { stack: "acme" });
    const { code, message, safe, next } = thrown;
    assert.deepEqual(failureOf(thrown), { error: { code, message, safe, next } });
    assert.equal(failureText(thrown), thrown.format());
  });

  it("of the command line is told by commander, and by a code for machines", () => {
    const thrown = new CommanderError(1, "commander.unknownOption", "error: unknown option '--jason'");
    assert.equal(failureOf(thrown).error.code, "QT9018");
    assert.match(failureOf(thrown).error.message, /: unknown option '--jason'$/);
    assert.equal(failureText(thrown), undefined);
  });

  it("that nobody foresaw has a code too, and its stack for people", () => {
    for (const [thrown, reason] of [
      [new TypeError("x is not a function"), "x is not a function"],
      ["text", "text"],
    ] as const) {
      assert.equal(failureOf(thrown).error.code, "QT9019");
      assert.ok(failureOf(thrown).error.message.includes(reason));
    }
    assert.match(failureText(new TypeError("x")) ?? "", /failure\.test/);
  });
});
