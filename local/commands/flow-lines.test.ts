import assert from "node:assert/strict";
import type { FlowStep } from "../../packages/azure-emulator/control-plane/flow-log";
import { endedSteps, flowLine } from "./flow-lines";

const at = "2026-01-31T10:00:00.000Z";
const step = (id: string, status: FlowStep["status"], more: Partial<FlowStep> = {}): FlowStep => ({
  id,
  hop: "data-factory",
  name: id,
  status,
  at,
  ...more,
});

describe("The lines of a flow", () => {
  it("show each step once, as it ended, in the order in which they began", () => {
    const steps = [
      step("run", "started"),
      step("Copy", "started"),
      step("Copy", "succeeded"),
      step("Publish", "started"),
      step("run", "failed"),
    ];
    assert.deepEqual(
      endedSteps(steps).map(({ id, status }) => `${id} ${status}`),
      ["run failed", "Copy succeeded"],
    );
  });

  it("show hop, name, time, details and the error", () => {
    const line = flowLine(
      step("CopyDataset", "failed", { durationMs: 1234, detail: { rowsCopied: 7 }, error: "cut" }),
    );
    assert.match(line, /^Data Factory\s+CopyDataset\s+1\.2 s\s+rowsCopied 7\s+FAILED: cut$/);
  });
});
