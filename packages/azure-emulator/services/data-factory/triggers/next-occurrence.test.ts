import assert from "node:assert/strict";
import type { Recurrence } from "../model/trigger";
import { nextOccurrence } from "./next-occurrence";

const daily: Recurrence = {
  frequency: "Day",
  interval: 1,
  startTime: new Date("2026-01-01T02:00:00Z"),
  endTime: undefined,
  timeZone: "UTC",
  hours: undefined,
  minutes: undefined,
};

describe("the next occurrence of a schedule", () => {
  const cases: [string, Partial<Recurrence>, string, string | undefined][] = [
    ["is the start if that is later", {}, "2025-06-01T00:00:00Z", "2026-01-01T02:00:00Z"],
    ["is the following one at an occurrence", {}, "2026-03-01T02:00:00Z", "2026-03-02T02:00:00Z"],
    [
      "is later today if the schedule has a later time",
      { hours: [6, 18], minutes: [30] },
      "2026-03-01T07:00:00Z",
      "2026-03-01T18:30:00Z",
    ],
    ["is every third day from the start", { interval: 3 }, "2026-01-02T00:00:00Z", "2026-01-04T02:00:00Z"],
    [
      "is every third day, long after the start",
      { interval: 3 },
      "2026-01-08T00:00:00Z",
      "2026-01-10T02:00:00Z",
    ],
    [
      "follows the wall clock in summer",
      { timeZone: "W. Europe Standard Time", hours: [2], minutes: [0] },
      "2026-07-01T12:00:00Z",
      "2026-07-02T00:00:00Z",
    ],
    [
      "follows the wall clock in winter",
      { timeZone: "W. Europe Standard Time", hours: [2], minutes: [0] },
      "2026-12-01T12:00:00Z",
      "2026-12-02T01:00:00Z",
    ],
    [
      "is every 15 minutes",
      { frequency: "Minute", interval: 15 },
      "2026-01-01T03:07:00Z",
      "2026-01-01T03:15:00Z",
    ],
    [
      "is every second hour",
      { frequency: "Hour", interval: 2 },
      "2026-01-01T04:00:00Z",
      "2026-01-01T06:00:00Z",
    ],
    [
      "is undefined after the end",
      { endTime: new Date("2026-01-31T00:00:00Z") },
      "2026-02-01T00:00:00Z",
      undefined,
    ],
  ];
  for (const [name, change, now, next] of cases) {
    it(name, () => {
      const found = nextOccurrence({ ...daily, ...change }, new Date(now));
      assert.deepEqual(found, next === undefined ? undefined : new Date(next));
    });
  }
});
