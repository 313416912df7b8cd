import assert from "node:assert/strict";
import type { Recurrence } from "../model/trigger";
import { activity, createTestRunner, type TestRunner } from "../testing/test-runner";
import { TriggerClock } from "./trigger-clock";

describe("the clock of triggers", () => {
  let test: TestRunner;
  const clock = new TriggerClock();
  beforeEach(() => {
    test = createTestRunner();
  });
  afterEach(() => {
    clock.disarmAll();
    test.close();
  });

  /** Fires some milliseconds from now, then a minute later. */
  const soon = (): Recurrence => ({
    frequency: "Minute",
    interval: 1,
    startTime: new Date(Date.now() + 5),
    endTime: undefined,
    timeZone: "UTC",
    hours: undefined,
    minutes: undefined,
  });

  it("fires a started trigger", async () => {
    // The clock's timers do not keep the process alive; this one does.
    const alive = setInterval(() => undefined, 1000);
    await new Promise<void>((fired) => clock.arm("/t", soon(), fired));
    clearInterval(alive);
  });

  it("does not fire one that was stopped", async () => {
    let fired = false;
    clock.arm("/t", soon(), () => {
      fired = true;
    });
    clock.disarm("/T");
    test.deploy("pipelines", "p", { activities: [activity("w", "Wait", { waitTimeInSeconds: 0 })] });
    await new Promise<void>((passed) => clock.arm("/other", soon(), passed));
    assert.equal(fired, false);
  });
});
