import type { DiagnosticEvent, EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { ResourceOperation } from "./engine";
import type { RunRecorder } from "./run-recorder";

/**
 * Pulumi's step operations → ours. The steps of a replacement (`create-replacement`, `delete-replaced`) are missing,
 * because the logical `replace` step reports them.
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

/** Converts the engine's events into progress and counts. */
export function recordEvent(recorder: RunRecorder, event: EngineEvent): void {
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
  if (resourcePreEvent) recordStep(recorder, resourcePreEvent.metadata, "start");
  if (resOutputsEvent) recordStep(recorder, resOutputsEvent.metadata, "succeed");
  if (resOpFailedEvent) recordStep(recorder, resOpFailedEvent.metadata, "fail");
  if (diagnosticEvent) recordMessage(recorder, diagnosticEvent);
}

function recordMessage(recorder: RunRecorder, event: DiagnosticEvent): void {
  const severity = severities.get(event.severity);
  const text = withoutColours(event.message).trim();
  if (severity === undefined || event.ephemeral || text === "" || isExpected(text)) return;
  recorder.message(severity, text, event.urn || undefined);
}

/** The engine warns that it runs the dynamic provider of the npm package, which is intended. */
function isExpected(text: string): boolean {
  return text.includes("using pulumi-resource-pulumi-nodejs from $PATH");
}

/** Severities that are passed on. The SDK also sends `debug`: thousands of lines that contain property values. */
const severities = new Map<string, "info" | "warning" | "error">([
  ["info", "info"],
  ["info#err", "info"],
  ["warning", "warning"],
  ["error", "error"],
]);

function recordStep(
  recorder: RunRecorder,
  step: StepEventMetadata,
  stage: "start" | "succeed" | "fail",
): void {
  const operation = operations[step.op];
  const custom = (step.new ?? step.old)?.custom ?? false;
  // Components, providers and the stack itself are not cloud resources.
  if (operation === undefined || !custom || step.type.startsWith("pulumi:")) return;
  recorder[stage](step.urn, operation);
}

/** Removes the engine's colour marks, such as `<{%fg 1%}>`. */
function withoutColours(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "");
}
