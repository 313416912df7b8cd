import assert from "node:assert/strict";
import { CommanderError } from "commander";
import { failureOf, failureText } from "./failure";
import { QtError } from "./qt-error";

describe("a command's failure", () => {
  it("is printed as the catalogue's entry, for machines and for people", () => {
    const thrown = new QtError("QT9003", { stack: "acme" });
    const { code, message, safe, next } = thrown;
    assert.deepEqual(failureOf(thrown), { error: { code, message, safe, next } });
    assert.equal(failureText(thrown), thrown.format());
  });

  it("in the command line is left to commander for people, and has a code for machines", () => {
    const thrown = new CommanderError(1, "commander.unknownOption", "error: unknown option '--jason'");
    assert.equal(failureOf(thrown).error.code, "QT9018");
    assert.match(failureOf(thrown).error.message, /: unknown option '--jason'$/);
    assert.equal(failureText(thrown), undefined);
  });

  it("that is unexpected has a code too, and shows people its stack", () => {
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
