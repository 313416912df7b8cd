import assert from "node:assert/strict";
import { mock } from "node:test";
import { stopWhenLate } from "./time-limits";

describe("a page's time limits", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());
  const limits = { soft: 60, hard: 200 };

  it("end a page with rows at the soft limit", () => {
    const { signal } = stopWhenLate(limits, () => true);
    mock.timers.tick(59);
    assert.equal(signal.aborted, false);
    mock.timers.tick(1);
    assert.equal(signal.aborted, true);
  });

  it("end a page without rows at the hard limit", () => {
    const { signal } = stopWhenLate(limits, () => false);
    mock.timers.tick(199);
    assert.equal(signal.aborted, false);
    mock.timers.tick(1);
    assert.equal(signal.aborted, true);
  });

  it("no longer apply to a page that is complete", () => {
    const { signal, clear } = stopWhenLate(limits, () => true);
    clear();
    mock.timers.tick(1000);
    assert.equal(signal.aborted, false);
  });
});
