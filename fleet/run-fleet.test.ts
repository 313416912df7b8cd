import assert from "node:assert/strict";
import fc from "fast-check";
import { exitCodeOf, outcomeOf, type Status } from "./outcome";
import { type RunEvent, type Runner, StopRequest } from "./run";
import { type FleetRun, mayGoOn, runFleet } from "./run-fleet";

const none = { most: 0, isPercent: false };

/** Ends each tenant as its name says: `x!` fails. */
const runner: Runner = async ({ tenants, onEvent }) => {
  for (const tenant of tenants) {
    onEvent({ kind: "ended", outcome: outcomeOf(tenant, tenant.endsWith("!") ? "failed" : "done", "why") });
  }
};

function fleetRun(rings: readonly (readonly string[])[], rest: Partial<FleetRun> = {}) {
  const notes: string[] = [];
  const onEvent = (event: RunEvent) => event.kind === "note" && notes.push(event.text);
  const run = runFleet({
    verb: "up",
    rings: rings.map((tenants, index) => ({ ring: `r${index}`, tenants })),
    parallel: 2,
    waitMs: 0,
    maxFailures: none,
    runner,
    stop: new StopRequest(),
    onEvent,
    ...rest,
  });
  return run.then((outcomes) => ({
    notes,
    statuses: Object.fromEntries(outcomes.map(({ tenant, status }) => [tenant, status])),
  }));
}

describe("Rings", () => {
  it("go on while no more than the allowed number failed", async () => {
    const rings = [["a", "b!"], ["c"]];
    assert.deepEqual((await fleetRun(rings)).statuses, { a: "done", "b!": "failed", c: "not started" });
    const one = await fleetRun(rings, { maxFailures: { most: 1, isPercent: false } });
    assert.deepEqual(one.statuses, { a: "done", "b!": "failed", c: "done" });
  });

  it("count the failures of all rings before", async () => {
    const { statuses, notes } = await fleetRun([["a!"], ["b!"], ["c"]], {
      maxFailures: { most: 1, isPercent: false },
    });
    assert.equal(statuses.c, "not started");
    assert.match(notes.at(-1) ?? "", /^Ring r2 is not begun/);
  });

  it("allow per cent of what ran", () => {
    const outcomes = ["a", "b", "c", "d!"].map((name) =>
      outcomeOf(name, name.endsWith("!") ? "failed" : "done"),
    );
    assert.equal(mayGoOn(outcomes, { most: 25, isPercent: true }), true);
    assert.equal(mayGoOn(outcomes, { most: 24, isPercent: true }), false);
    assert.equal(mayGoOn([], { most: 0, isPercent: true }), true);
  });

  it("end the wait between them at a request to stop, and begin nothing more", async () => {
    const stop = new StopRequest();
    const run = fleetRun([["a"], ["b"]], {
      stop,
      waitMs: 3_600_000,
      onEvent: (event) =>
        event.kind === "note" && /^Waiting/.test(event.text) && setImmediate(() => stop.stop("soon")),
    });
    assert.deepEqual((await run).statuses, { a: "done", b: "not started" });
  });
});

describe("The exit code", () => {
  const code = (statuses: readonly Status[], verb: "up" | "drift" = "up", interrupted = false) =>
    exitCodeOf(
      verb,
      statuses.map((status, index) => outcomeOf(`t${index}`, status)),
      interrupted,
    );

  it("is 0 only where every tenant is done", () => {
    const statuses = fc.constantFrom<Status>("done", "failed", "stopped", "not started");
    fc.assert(
      fc.property(fc.array(statuses), (all) => {
        assert.equal(
          code(all) === 0,
          all.every((status) => status === "done"),
        );
      }),
    );
  });

  it("tells a failure before drift, and an interruption before all", () => {
    const drifted = outcomeOf("t", "done");
    const changes = { ...drifted.changes, steps: [{}] as never };
    assert.equal(exitCodeOf("drift", [{ ...drifted, changes }], false), 3);
    assert.equal(exitCodeOf("preview", [{ ...drifted, changes }], false), 0);
    assert.equal(exitCodeOf("drift", [{ ...drifted, changes }, outcomeOf("u", "failed")], false), 1);
    assert.equal(code(["done", "failed"], "up", true), 130);
  });
});
