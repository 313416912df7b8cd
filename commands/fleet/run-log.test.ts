import assert from "node:assert/strict";
import fc from "fast-check";
import { readRunLog } from "./run-log";

describe("The event log of a run", () => {
  const urn = (name: string) => `urn:pulumi:acme::quantemplate::azure-native:sql:Database::${name}`;
  const state = { custom: true, inputs: { a: 1 } };
  const step = (op: string, name: string, planning?: boolean) => ({
    resourcePreEvent: { planning, metadata: { op, urn: urn(name), old: state, new: state } },
  });
  const summary = (isPreview: boolean) => ({ summaryEvent: { isPreview } });
  const error = (message: string) => ({ diagnosticEvent: { severity: "error", message } });
  const logOf = (...events: object[]) =>
    events.map((event, sequence) => `${JSON.stringify({ sequence, ...event })}\n`).join("");
  const opsOf = (text: string, verb: "up" | "preview" = "up") =>
    readRunLog(verb, "acme", text).changes.steps.map(({ op, name }) => `${op} ${name}`);

  const preview = [step("delete", "a", true), step("update", "b", true), summary(true)];

  it("counts each change once, even if the preview is in the same log", () => {
    const text = logOf(...preview, step("delete", "a"), error("no quota"), summary(false));
    assert.deepEqual(opsOf(text), ["delete a"]);
    assert.deepEqual(readRunLog("up", "acme", text).changes.problems, ["no quota"]);
    assert.equal(readRunLog("up", "acme", text).isPreviewOnly, false);
  });

  it("distinguishes a failed preview from changes", () => {
    const { changes, isPreviewOnly } = readRunLog("up", "acme", logOf(...preview, error("protected")));
    assert.deepEqual([changes.steps, changes.problems, isPreviewOnly], [[], ["protected"], true]);
    assert.deepEqual(opsOf(logOf(...preview), "preview"), ["delete a", "update b"]);
  });

  it("can be cut anywhere: every complete line counts, and nothing else", () => {
    const text = logOf(
      ...preview,
      step("delete", "a"),
      step("update", "b"),
      step("create", "ü"),
      summary(false),
    );
    const bytes = Buffer.from(text);
    const all = opsOf(text);
    fc.assert(
      fc.property(fc.nat(bytes.length), (length) => {
        const cut = bytes.subarray(0, length).toString("utf8");
        const { unreadable } = readRunLog("up", "acme", cut);
        const begun = cut.split("\n").slice(preview.length, -1);
        const steps = begun.filter((line) => line.includes("resourcePreEvent"));
        assert.equal(unreadable, 0);
        assert.equal(opsOf(cut).length, steps.length);
        assert.ok(opsOf(cut).every((one) => all.includes(one)));
      }),
    );
  });

  it("reads the valid lines of a broken log, and counts the others", () => {
    const other = step("update", "x").resourcePreEvent.metadata;
    const foreign = { resourcePreEvent: { metadata: { ...other, urn: other.urn.replace("acme", "beta") } } };
    const text = `${logOf(step("delete", "a"))}what\n{"sequence":"one"}\n${logOf(foreign, summary(false))}`;
    assert.deepEqual(opsOf(text), ["delete a"]);
    assert.equal(readRunLog("up", "acme", text).unreadable, 3);
  });

  it("ignores empty lines, and is cut short if it is empty", () => {
    const text = `\n  \n${logOf(step("delete", "a"), summary(false))}\n`;
    assert.deepEqual(readRunLog("up", "acme", text).unreadable, 0);
    for (const empty of ["", '{"seq']) {
      const { changes, isPreviewOnly } = readRunLog("up", "acme", empty);
      assert.deepEqual(
        [changes.stack, changes.problems, isPreviewOnly],
        ["acme", ["It did not finish."], false],
      );
    }
  });

  it("knows the phase from a finished or failed step and from the summary too", () => {
    const events = (planning: boolean): Record<string, object> => {
      const { resourcePreEvent } = step("update", "b", planning);
      return {
        "a started step": { resourcePreEvent },
        "a finished step": { resOutputsEvent: resourcePreEvent },
        "a failed step": { resOpFailedEvent: resourcePreEvent },
        "the summary": summary(planning),
      };
    };
    for (const [what, event] of Object.entries(events(false)))
      assert.equal(readRunLog("up", "acme", logOf(...preview, event)).isPreviewOnly, false, what);
    for (const [what, event] of Object.entries(events(true)))
      assert.equal(readRunLog("destroy", "acme", logOf(event)).isPreviewOnly, true, what);
    // Without any mark of a preview, everything counts.
    const { changes, isPreviewOnly } = readRunLog("up", "acme", logOf(error("no login")));
    assert.deepEqual([changes.problems, isPreviewOnly], [["no login"], false]);
    assert.deepEqual(opsOf(logOf(...preview, summary(false))), []);
  });
});
