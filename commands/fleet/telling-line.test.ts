import assert from "node:assert/strict";
import { tellingLine } from "./telling-line";

describe("The line of a failure's headline", () => {
  it("is the first that says something", () => {
    const crash =
      "Running program '/home/me/infra/index.ts' failed with an unhandled exception:\nError: No quota\n    at x";
    assert.equal(tellingLine([crash]), "Error: No quota");
    assert.equal(
      tellingLine(["update database-migration failed", "update failed", "QT4046: No\n  Safe: y"]),
      "QT4046: No",
    );
    assert.equal(tellingLine(["\nQT1001: Two mistakes:\n  - a"]), "QT1001: Two mistakes:");
  });

  it("is the first line if none does, and none without problems", () => {
    assert.equal(tellingLine(["update failed"]), "update failed");
    assert.equal(tellingLine([]), undefined);
  });
});
