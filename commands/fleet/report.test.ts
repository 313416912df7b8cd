import assert from "node:assert/strict";
import { outcomeOf } from "./outcome";
import { jsonReport, textReport } from "./report";
import { changesFromEvents } from "./summary";

describe("The report of a run", () => {
  const text = textReport;
  const step = { op: "update", urn: "urn:pulumi:b::quantemplate::azure-native:sql:Database::db" };

  it("suggests the command to continue, with --local if the run had it", () => {
    const left = [outcomeOf("a", "failed", "why")];
    const events = [
      { sequence: 0, resOutputsEvent: { metadata: step }, resourcePreEvent: { metadata: step } },
    ];
    const drifted = [
      outcomeOf("a", "done"),
      { ...outcomeOf("b", "done"), changes: changesFromEvents(events, { stack: "b" }) },
    ];
    for (const isLocal of [false, true]) {
      const local = isLocal ? " --local" : "";
      const options = { isLocal, colour: false };
      assert.ok(
        text("up", left, options).endsWith(
          `To continue with the rest: npm run fleet -- up${local} --resume\n`,
        ),
      );
      assert.ok(
        text("drift", drifted, options).includes(`npm run fleet -- up${local} --refresh --tenant b\n`),
      );
      assert.doesNotMatch(text("preview", drifted, options), /put it back/);
      assert.doesNotMatch(text("drift", drifted.slice(0, 1), options), /put it back/);
    }
  });

  it("shows no secret in outputs or reasons, and no escape", () => {
    const outcome = {
      ...outcomeOf("a", "failed", "GET https://x/?code=PLAINSECRET\u001b[2J"),
      outputs: { url: "https://x/?code=PLAINSECRET", password: "PLAINSECRET", name: "a\u001b[2J", count: 2 },
    };
    const shown = text("outputs", [outcome], { isLocal: false, colour: false });
    const json = jsonReport("outputs", [outcome]);
    for (const all of [shown, json]) assert.ok(!all.includes("PLAINSECRET") && !all.includes("\u001b"), all);
    assert.match(shown, /name: a\\u\{1b\}\[2J\n {2}count: 2\n/);
  });
});
