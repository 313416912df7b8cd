import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { ResourceOperation } from "./engine";
import type { RunRecorder } from "./run-recorder";

/**
 * Pulumi's step operations → ours. The steps of a replacement (`create-replacement`, `delete-replaced`) are told under the
 * logical `replace` step; components and the stack itself are no resources of a cloud.
 */
const operations: Readonly<Record<string, ResourceOperation>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  same: "same",
  read: "read",
  refresh: "same",
};

/** Turns the engine's events into progress and counts. */
export function recordEvent(recorder: RunRecorder, event: EngineEvent): void {
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
  if (resourcePreEvent) recordStep(recorder, resourcePreEvent.metadata, "start");
  if (resOutputsEvent) recordStep(recorder, resOutputsEvent.metadata, "succeed");
  if (resOpFailedEvent) recordStep(recorder, resOpFailedEvent.metadata, "fail");
  if (diagnosticEvent && !diagnosticEvent.ephemeral) {
    const text = withoutColours(`${diagnosticEvent.prefix ?? ""}${diagnosticEvent.message}`).trim();
    const urn = diagnosticEvent.urn || undefined;
    if (text !== "") recorder.message(severities[diagnosticEvent.severity], text, urn);
  }
}

const severities = { info: "info", "info#err": "info", warning: "warning", error: "error" } as const;

function recordStep(
  recorder: RunRecorder,
  step: StepEventMetadata,
  stage: "start" | "succeed" | "fail",
): void {
  const operation = operations[step.op];
  const custom = (step.new ?? step.old)?.custom ?? false;
  if (operation === undefined || !custom || step.type.startsWith("pulumi:")) return;
  recorder[stage](step.urn, operation);
}

/** The engine marks colours as `<{%fg 1%}>`. */
function withoutColours(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "");
}
