import assert from "node:assert/strict";
import type { Recurrence } from "../model/trigger";
import { TriggerClock } from "./trigger-clock";

/** Five milliseconds before an occurrence; the tests pass it as the current time. */
const now = new Date("2026-01-01T00:00:59.995Z");
const everyMinute: Recurrence = {
  frequency: "Minute",
  interval: 1,
  startTime: new Date("2026-01-01T00:00:00Z"),
  endTime: undefined,
  timeZone: "UTC",
  hours: undefined,
  minutes: undefined,
};

describe("the trigger clock", () => {
  const clock = new TriggerClock();
  let alive: NodeJS.Timeout;
  // The clock's timers do not keep the process alive, so this one does.
  before(() => {
    alive = setInterval(() => undefined, 1000);
  });
  after(() => clearInterval(alive));
  afterEach(() => clock.disarmAll());

  it("fires a started trigger", () => new Promise<void>((fired) => clock.arm("/t", everyMinute, fired, now)));

  it("does not fire a stopped trigger", async () => {
    let fired = false;
    clock.arm(
      "/t",
      everyMinute,
      () => {
        fired = true;
      },
      now,
    );
    clock.disarm("/T");
    await new Promise<void>((passed) => clock.arm("/other", everyMinute, passed, now));
    assert.equal(fired, false);
  });
});
