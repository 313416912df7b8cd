import { seconds } from "../../commands/progress";
import type { FlowStep } from "../../packages/azure-emulator/control-plane/flow-log";

const hopNames: Readonly<Record<FlowStep["hop"], string>> = {
  quantemplate: "Quantemplate",
  automation: "Automation",
  "data-factory": "Data Factory",
  sql: "Azure SQL",
  functions: "Function",
  fivetran: "Fivetran",
};

/** A finished step as one line: `Data Factory  CopyDataset  0.4 s  rowsCopied 20000`. */
export function flowLine(step: FlowStep): string {
  const parts = [(hopNames[step.hop] ?? step.hop).padEnd(12), step.name.padEnd(24)];
  parts.push((step.durationMs === undefined ? "" : seconds(step.durationMs)).padStart(7));
  const detail = Object.entries(step.detail ?? {})
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  if (detail !== "") parts.push(` ${detail}`);
  if (step.status === "failed") parts.push(` FAILED: ${step.error ?? "no message"}`);
  return parts.join("  ").trimEnd();
}

/** The finished steps, each once, in the order in which they began. */
export function endedSteps(steps: readonly FlowStep[]): FlowStep[] {
  // A Map keeps a key's place when it is set again.
  const latest = new Map<string, FlowStep>();
  for (const step of steps) latest.set(step.id, step);
  return [...latest.values()].filter((step) => step.status !== "started");
}
