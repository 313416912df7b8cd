import assert from "node:assert/strict";
import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { EngineProgress } from "./engine";
import { recordEvent } from "./engine-events";
import { RunRecorder } from "./run-recorder";

const urn = "urn:pulumi:dev::shop::azure-native:sql:Server::server";

function step(op: OpType, custom = true, type = "azure-native:sql:Server"): StepEventMetadata {
  const state = { type, urn, custom, id: "", parent: "", inputs: {}, outputs: {}, provider: "" };
  return { op, urn, type, new: state, provider: "" };
}

function record(...events: readonly Omit<EngineEvent, "sequence" | "timestamp">[]) {
  const progress: EngineProgress[] = [];
  const recorder = new RunRecorder({ onProgress: (event) => progress.push(event) });
  for (const event of events) recordEvent(recorder, { sequence: 0, timestamp: 0, ...event });
  return { progress, recorder };
}

const message = (severity: string, text: string, more: object = {}) => ({
  diagnosticEvent: { severity: severity as "error", message: text, color: "raw", ...more },
});

describe("engine: events", () => {
  it("counts a resource when it is done and measures its duration", () => {
    const { progress, recorder } = record(
      { resourcePreEvent: { metadata: step("create") } },
      { resOutputsEvent: { metadata: step("create") } },
    );
    assert.equal(recorder.result().creates, 1);
    assert.deepEqual(
      progress.map((event) => event.kind === "resource" && [event.status, event.durationMs !== undefined]),
      [
        ["started", false],
        ["succeeded", true],
      ],
    );
  });

  it("counts a replacement once", () => {
    const ops: OpType[] = ["create-replacement", "replace", "delete-replaced"];
    const { recorder } = record(...ops.map((op) => ({ resOutputsEvent: { metadata: step(op) } })));
    const { creates, replaces, deletes } = recorder.result();
    assert.deepEqual({ creates, replaces, deletes }, { creates: 0, replaces: 1, deletes: 0 });
  });

  it("ignores components, providers and the stack", () => {
    const { progress, recorder } = record(
      { resOutputsEvent: { metadata: step("create", false) } },
      { resOutputsEvent: { metadata: step("create", true, "pulumi:providers:azure-native") } },
    );
    assert.deepEqual([progress, recorder.result().creates], [[], 0]);
  });

  it("passes on messages without colours, and errors with the resource's name", () => {
    const { progress, recorder } = record(message("error", "<{%fg 1%}>no<{%reset%}>\n", { urn }));
    assert.deepEqual(progress, [{ kind: "message", severity: "error", text: "no", urn }]);
    assert.deepEqual(recorder.errors(), ["server: no"]);
  });

  it("drops debug lines, ephemeral messages and the expected warning", () => {
    const { progress } = record(
      message("debug", "inputs: secret"),
      message("info", "for a moment", { ephemeral: true }),
      message("warning", "using pulumi-resource-pulumi-nodejs from $PATH at /x"),
    );
    assert.deepEqual(progress, []);
  });
});
