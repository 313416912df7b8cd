import assert from "node:assert/strict";
import type { Verb } from "./outcome";
import type { PulumiEnd } from "./pulumi-child";
import { pulumiOutcome } from "./pulumi-outcome";
import { CUT_SHORT } from "./summary";

const end = (more: Partial<PulumiEnd> = {}): PulumiEnd => ({
  code: 0,
  stdout: "",
  stderr: "",
  stopped: undefined,
  ...more,
});

const log = (...events: object[]) =>
  events.map((event, sequence) => `${JSON.stringify({ sequence, ...event })}\n`).join("");
const update = (planning: boolean) => ({
  resourcePreEvent: {
    planning,
    metadata: {
      op: "update",
      urn: "urn:pulumi:acme::quantemplate::azure-native:sql:Database::db",
      old: { custom: true, inputs: { a: 1 } },
      new: { custom: true, inputs: { a: 2 } },
    },
  },
});
const summary = (isPreview: boolean) => ({ summaryEvent: { isPreview } });
const error = (message: string) => ({ diagnosticEvent: { severity: "error", message } });
const done = log(update(false), summary(false));

/** Status, number of changes, problems and suggestion. */
function shown(verb: Verb, ended: PulumiEnd, events = "") {
  const { tenant, status, changes, next } = pulumiOutcome(verb, "acme", ended, events);
  assert.deepEqual([tenant, changes.stack], ["acme", "acme"]);
  return [status, changes.steps.length, changes.problems, next];
}

describe("What became of a stack", () => {
  it("is done, with its changes, if Pulumi ended with 0", () => {
    assert.deepEqual(shown("up", end(), done), ["done", 1, [], undefined]);
    assert.deepEqual(shown("up", end()), ["done", 0, [], undefined]);
    assert.ok(!("next" in pulumiOutcome("up", "acme", end(), "")));
    const warned = log(update(false), error("a warning of a provider"), summary(false));
    assert.deepEqual(shown("up", end(), warned), ["done", 1, ["a warning of a provider"], undefined]);
  });

  it("has the outputs that Pulumi printed, for the verb outputs only", () => {
    const printed = end({ stdout: '{"url":"https://x","count":2}' });
    const outcome = pulumiOutcome("outputs", "acme", printed, "");
    assert.deepEqual([outcome.status, outcome.outputs], ["done", { url: "https://x", count: 2 }]);
    assert.equal(pulumiOutcome("up", "acme", printed, done).outputs, undefined);
    const failed = pulumiOutcome("outputs", "acme", end({ code: 255, stderr: "error: no stack" }), "");
    assert.deepEqual([failed.outputs, failed.changes.problems], [undefined, ["no stack"]]);
  });

  it("is failed for the engine's reasons, up to the changes that were made", () => {
    const events = log(update(false), error("no quota"), summary(false));
    const ended = end({ code: 255, stderr: "error: update failed" });
    assert.deepEqual(shown("up", ended, events), ["failed", 1, ["no quota"], undefined]);
  });

  it("is failed for the last five lines that Pulumi printed if the engine gave no reason", () => {
    const stderr = "0\nerror: 1\n2 \n\n3\n4\nwhat error: 5\n";
    assert.deepEqual(shown("up", end({ code: 1, stderr, stdout: "out" }))[2], ["1\n2\n3\n4\nwhat error: 5"]);
    assert.deepEqual(shown("up", end({ code: 1, stdout: "error: out\n" }))[2], ["out"]);
    assert.deepEqual(shown("up", end({ code: 7 }))[2], ["pulumi ended with code 7"]);
    const killed = ["pulumi was ended by a signal, for example because the system ran out of memory"];
    assert.deepEqual(shown("up", end({ code: null }))[2], killed);
    // That the log has no end says less than the reason for it.
    assert.deepEqual(shown("up", end({ code: null }), log(update(false))), ["failed", 1, killed, undefined]);
  });

  it("says that nothing was done if the preview before it failed, unless Pulumi was killed", () => {
    const events = log(update(true), error("protected"), summary(true));
    const nothing = "Nothing was done: it failed in Pulumi's preview, before the first step.";
    for (const verb of ["up", "destroy"] as const)
      assert.deepEqual(shown(verb, end({ code: 255 }), events), [
        "failed",
        0,
        ["protected", nothing],
        undefined,
      ]);
    assert.deepEqual(shown("up", end({ code: null }), events)[2], ["protected"]);
    assert.deepEqual(shown("up", end({ code: 1, stopped: "soon" }), events)[2], [
      "Stopped: Pulumi finished and recorded what it had started; the rest was not started.",
      "protected",
    ]);
    assert.deepEqual(shown("up", end(), log(update(true), summary(true)))[2], []);
    assert.deepEqual(shown("preview", end({ code: 255 }), events)[2], ["protected"]);
  });

  it("is stopped by a request, for that reason first", () => {
    const soon = "Stopped: Pulumi finished and recorded what it had started; the rest was not started.";
    const stopped = (code: number | null, how: "soon" | "now") => end({ code, stopped: how, stderr: "^C" });
    const events = log(update(false), error("cancelled"));
    assert.deepEqual(shown("up", stopped(1, "soon"), events), ["stopped", 1, [soon, "cancelled"], undefined]);
    assert.deepEqual(shown("up", stopped(1, "soon"), log(update(false)))[2], [soon]);
    assert.ok(!soon.includes(CUT_SHORT));
    assert.deepEqual(shown("up", stopped(1, "soon")), ["stopped", 0, [soon], undefined]);
    // It was done before the request took effect.
    assert.deepEqual(shown("up", stopped(0, "soon"), done), ["done", 1, [], undefined]);
    assert.deepEqual(shown("up", stopped(0, "now"), done), ["done", 1, [], undefined]);
  });

  it("suggests how to repair the stack if Pulumi could not finish, for what changes it only", () => {
    const now = "Ended at once: Pulumi may not have recorded its last changes.";
    for (const verb of ["up", "destroy"] as const) {
      const next = `pulumi cancel --stack acme --yes, then npm run fleet -- ${verb} --tenant acme`;
      for (const events of ["", log(update(false))]) {
        const [status, , problems, suggested] = shown(verb, end({ code: null, stopped: "now" }), events);
        assert.deepEqual([status, problems, suggested], ["stopped", [now], next]);
      }
    }
    for (const verb of ["preview", "drift", "outputs"] as const)
      assert.deepEqual(shown(verb, end({ code: null, stopped: "now" }))[3], undefined);
  });

  it("reports an unreadable log; a preview or a drift check with one is failed", () => {
    const broken = `what\n${done}`;
    const unread = "1 lines of Pulumi's event log could not be read: more may have changed.";
    for (const verb of ["up", "destroy"] as const)
      assert.deepEqual(shown(verb, end(), broken), ["done", 1, [unread], undefined]);
    for (const verb of ["preview", "drift"] as const)
      assert.deepEqual(shown(verb, end(), broken), ["failed", 1, [unread], undefined]);
    assert.deepEqual(shown("preview", end({ code: 1, stopped: "soon" }), broken)[0], "stopped");
  });
});
