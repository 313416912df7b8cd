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
    isLocal: false,
    refresh: false,
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
  it("continue while at most the allowed number failed", async () => {
    const rings = [["a", "b!"], ["c"]];
    assert.deepEqual((await fleetRun(rings)).statuses, { a: "done", "b!": "failed", c: "not started" });
    const one = await fleetRun(rings, { maxFailures: { most: 1, isPercent: false } });
    assert.deepEqual(one.statuses, { a: "done", "b!": "failed", c: "done" });
  });

  it("count the failures of all previous rings", async () => {
    const { statuses, notes } = await fleetRun([["a!"], ["b!"], ["c"]], {
      maxFailures: { most: 1, isPercent: false },
    });
    assert.equal(statuses.c, "not started");
    assert.match(notes.at(-1) ?? "", /^Ring r2 is not started/);
  });

  it("allow a percentage of the tenants that ran", () => {
    const outcomes = ["a", "b", "c", "d!"].map((name) =>
      outcomeOf(name, name.endsWith("!") ? "failed" : "done"),
    );
    assert.equal(mayGoOn(outcomes, { most: 25, isPercent: true }), true);
    assert.equal(mayGoOn(outcomes, { most: 24, isPercent: true }), false);
    assert.equal(mayGoOn([], { most: 0, isPercent: true }), true);
  });

  it("count a stopped tenant as failed", () => {
    const outcomes = [outcomeOf("a", "done"), outcomeOf("b", "stopped")];
    assert.equal(mayGoOn(outcomes, none), false);
    assert.equal(mayGoOn(outcomes, { most: 1, isPercent: false }), true);
  });

  it("keep the results of earlier rings if a ring cannot start", async () => {
    const breaking: Runner = async (request) => {
      if (request.tenants.includes("b")) throw new Error("no memory");
      return runner(request);
    };
    const { statuses } = await fleetRun([["a"], ["b", "c"], ["d"]], { runner: breaking });
    assert.deepEqual(statuses, { a: "done", b: "failed", c: "failed", d: "not started" });
    await assert.rejects(fleetRun([["b"]], { runner: breaking }), /no memory/);
  });

  it("suggest the command to continue, with --local if the run has it", async () => {
    for (const [isLocal, next] of [
      [true, "npm run fleet -- up --local --tenant a!"],
      [false, "npm run fleet -- up --tenant a!"],
    ] as const) {
      const shown: (string | undefined)[] = [];
      const onEvent = (event: RunEvent) => event.kind === "ended" && shown.push(event.outcome.next);
      await fleetRun([["a!", "b"]], { isLocal, onEvent });
      assert.deepEqual(shown, [next, undefined]);
    }
  });

  it("stop listening for a stop request after a wait", async () => {
    let listeners = 0;
    const stop = new (class extends StopRequest {
      override listen(listener: (how: "soon" | "now") => void): () => void {
        listeners++;
        const end = super.listen(listener);
        return () => {
          listeners--;
          end();
        };
      }
    })();
    assert.deepEqual((await fleetRun([["a"], ["b"]], { stop, waitMs: 1 })).statuses, {
      a: "done",
      b: "done",
    });
    assert.equal(listeners, 0);
  });

  it("end the wait between them at a stop request, and start nothing more", async () => {
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

  it("is 0 only if every tenant is done", () => {
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

  it("reports an interruption first, then a failure, then drift", () => {
    const drifted = outcomeOf("t", "done");
    const changes = { ...drifted.changes, steps: [{}] as never };
    assert.equal(exitCodeOf("drift", [{ ...drifted, changes }], false), 3);
    assert.equal(exitCodeOf("preview", [{ ...drifted, changes }], false), 0);
    assert.equal(exitCodeOf("drift", [{ ...drifted, changes }, outcomeOf("u", "failed")], false), 1);
    assert.equal(code(["done", "failed"], "up", true), 130);
  });
});
