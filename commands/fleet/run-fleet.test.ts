import assert from "node:assert/strict";
import fc from "fast-check";
import { QtError } from "../../errors/qt-error";
import { exitCodeOf, outcomeOf, outcomeText, type Status } from "./outcome";
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
  const ended: string[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.kind === "note") notes.push(event.text);
    if (event.kind === "ended") ended.push(event.outcome.tenant);
  };
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
    ended,
    nexts: outcomes.map(({ next }) => next),
    problems: outcomes.flatMap(({ changes }) => changes.problems),
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

  it("suggest nothing for commands that change nothing, nor over the runner's own suggestion", async () => {
    const stopping: Runner = async ({ tenants, onEvent }) => {
      for (const tenant of tenants) {
        const rest = tenant === "own" ? { next: "pulumi cancel" } : {};
        onEvent({ kind: "ended", outcome: outcomeOf(tenant, "stopped", "why", rest) });
      }
    };
    const nexts = async (verb: FleetRun["verb"]) =>
      (await fleetRun([["a", "own"]], { verb, runner: stopping })).nexts;
    for (const verb of ["up", "destroy"] as const)
      assert.deepEqual(await nexts(verb), [`npm run fleet -- ${verb} --tenant a`, "pulumi cancel"]);
    for (const verb of ["preview", "drift", "outputs"] as const)
      assert.deepEqual(await nexts(verb), [undefined, "pulumi cancel"]);
  });

  it("are announced if there are several, with the wait between them", async () => {
    const stop = new StopRequest();
    const both = await fleetRun([["a", "b"], ["c"]], { waitMs: 1 });
    assert.deepEqual(both.notes, ["Ring r0: a, b", "Waiting 0 s before ring r1 …", "Ring r1: c"]);
    assert.deepEqual((await fleetRun([["a"], ["b"]])).notes, ["Ring r0: a", "Ring r1: b"]);
    assert.deepEqual((await fleetRun([["a"]], { waitMs: 1 })).notes, []);
    const notes: string[] = [];
    const onEvent = (event: RunEvent) => {
      if (event.kind !== "note") return;
      notes.push(event.text);
      if (event.text.startsWith("Waiting")) setImmediate(() => stop.stop("now"));
    };
    await fleetRun([["a"], ["b"]], { waitMs: 90_000, stop, onEvent });
    assert.deepEqual(notes, ["Ring r0: a", "Waiting 90 s before ring r1 …"]);
  });

  it("wait for nothing more once a stop is requested", async () => {
    const stop = new StopRequest();
    const stopping: Runner = async (request) => {
      await runner(request);
      stop.stop("soon");
    };
    const { notes, statuses } = await fleetRun([["a"], ["b"]], { waitMs: 3_600_000, stop, runner: stopping });
    assert.deepEqual([notes, statuses], [["Ring r0: a"], { a: "done", b: "not started" }]);
  });

  it("report the end of every tenant once, also of those that were not started", async () => {
    const half: Runner = async (request) => {
      request.onEvent({ kind: "started", tenant: "a" });
      await runner({ ...request, tenants: request.tenants.slice(0, 1) });
      throw new QtError("QT9514");
    };
    const { ended, statuses, problems } = await fleetRun([["a", "b"], ["c"]], { runner: half });
    assert.deepEqual(ended, ["a", "b", "c"]);
    assert.deepEqual(statuses, { a: "done", b: "failed", c: "not started" });
    assert.equal(problems.at(-1), new QtError("QT9514").format());
  });

  it("are begun by a tenant that started: what the runner throws then is that tenant's failure", async () => {
    const reported: RunEvent[] = [];
    const breaking =
      (event: RunEvent): Runner =>
      async ({ onEvent }) => {
        onEvent(event);
        throw new Error("no memory");
      };
    const started = { kind: "started", tenant: "a" } as const;
    const run = await fleetRun([["a"]], {
      runner: breaking(started),
      onEvent: (event) => reported.push(event),
    });
    assert.deepEqual([run.statuses, run.problems], [{ a: "failed" }, ["Error: no memory"]]);
    assert.deepEqual(reported[0], started);
    await assert.rejects(fleetRun([["a"]], { runner: breaking({ kind: "note", text: "x" }) }), /no memory/);
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
    assert.equal(exitCodeOf("drift", [{ ...drifted, changes }, drifted], false), 3);
    assert.equal(exitCodeOf("drift", [drifted], false), 0);
    assert.equal(code(["done", "failed"], "up", true), 130);
  });
});

describe("An outcome in words", () => {
  const steps = (...ops: string[]) => ({
    changes: { ...outcomeOf("t", "done").changes, steps: ops.map((op) => ({ op })) as never },
  });

  it("counts the changes by operation, or says that there are none", () => {
    const text = (...ops: string[]) => outcomeText({ ...outcomeOf("t", "done"), ...steps(...ops) });
    assert.equal(text("update", "create", "update"), "2 updates, 1 create");
    assert.equal(text(), "no changes");
  });

  it("counts the outputs", () => {
    assert.equal(outcomeText({ ...outcomeOf("t", "done"), outputs: { a: 1, b: 2 } }), "2 outputs");
    assert.equal(outcomeText({ ...outcomeOf("t", "done"), outputs: {} }), "0 outputs");
  });

  it("says the first line of the reason, if there is one", () => {
    const cases: [Status, string | undefined, string][] = [
      ["failed", "No quota.\nMore.", "failed: No quota."],
      ["failed", undefined, "failed"],
      ["stopped", "Stopped.\nMore.", "Stopped."],
      ["stopped", undefined, "stopped"],
      ["not started", undefined, "not started"],
      ["not started", "why", "not started"],
    ];
    for (const [status, reason, expected] of cases)
      assert.equal(
        outcomeText({ ...outcomeOf("t", status, reason), ...(reason === undefined ? steps("update") : {}) }),
        expected,
      );
  });
});
