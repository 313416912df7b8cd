import assert from "node:assert/strict";
import { atTenantTime, RECONCILE_TRIGGER, reconcileSchema, reconcileTime } from "./reconcile";
import { readDefinitions } from "./studio-files";

describe("the daily reconciliation", () => {
  const settings = (reconcile: object = {}) => reconcileSchema.parse(reconcile);

  it("of a fleet is spread over the night, the same minute each time", () => {
    const times = Array.from({ length: 200 }, (_, index) => reconcileTime(settings(), `tenant-${index}`));
    for (const time of times) assert.ok(time >= "00:30" && time < "05:30", time);
    assert.ok(new Set(times).size > 100, "they differ");
    assert.equal(reconcileTime(settings(), "acme"), reconcileTime(settings(), "acme"));
  });

  it("begins when the tenant says, in its zone", () => {
    const trigger = readDefinitions().objects.find(({ name }) => name === RECONCILE_TRIGGER);
    const at = (reconcile: object) =>
      atTenantTime(trigger?.properties ?? assert.fail(), settings(reconcile), "acme", "https://arm.test/w")
        .recurrence;
    assert.deepEqual(at({ time: "23:05" }), {
      frequency: "Day",
      interval: 1,
      startTime: "2026-01-01T23:05:00Z",
      timeZone: "UTC",
      schedule: { minutes: [5], hours: [23] },
    });
    const london = at({ time: "03:00", timeZone: "GMT Standard Time" }) as Record<string, unknown>;
    assert.deepEqual([london.startTime, london.timeZone], ["2026-01-01T03:00:00", "GMT Standard Time"]);
  });

  it("takes only times and zones that Data Factory takes", () => {
    for (const bad of [
      { time: "24:00" },
      { time: "3:00" },
      { time: 3 },
      { timeZone: "Europe/London" },
      { at: "03:00" },
    ])
      assert.equal(reconcileSchema.safeParse(bad).success, false, JSON.stringify(bad));
    for (const timeZone of ["UTC", "W. Europe Standard Time", "India Standard Time"]) settings({ timeZone });
  });
});
