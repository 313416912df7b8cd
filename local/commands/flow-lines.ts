import type { FlowStep } from "../arm/flow-log";
import { seconds } from "./progress";

const hopNames: Record<FlowStep["hop"], string> = {
  quantemplate: "Quantemplate",
  automation: "Automation",
  "data-factory": "Data Factory",
  sql: "Azure SQL",
  functions: "Function",
  fivetran: "Fivetran",
};

/** A finished step as one line: `Data Factory  CopyDataset  0.4 s  rowsCopied 20000`. */
export function flowLine(step: FlowStep): string {
  const parts = [hopNames[step.hop].padEnd(12), step.name.padEnd(24)];
  parts.push((step.durationMs === undefined ? "" : seconds(step.durationMs)).padStart(7));
  const detail = Object.entries(step.detail ?? {})
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  if (detail !== "") parts.push(` ${detail}`);
  if (step.status === "failed") parts.push(` FAILED: ${step.error ?? "no message"}`);
  return parts.join("  ").trimEnd();
}

/** The steps worth a line: each once, when it has ended. */
export const endedSteps = (steps: readonly FlowStep[]): FlowStep[] =>
  steps.filter((step) => step.status !== "started");
