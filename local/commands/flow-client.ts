import { QtError } from "../../errors/qt-error";
import type { FlowStep } from "../arm/flow-log";
import type { Environment } from "../environment";

/** The steps of a running stand-in: the latest ones first, then each as it happens, until the caller breaks off. */
export async function* followFlow(environment: Environment, signal?: AbortSignal): AsyncGenerator<FlowStep> {
  const url = `${environment.console.url}flow`;
  const response = await fetch(url, { signal: signal ?? null });
  if (!response.ok || response.body === null) {
    throw new QtError("QT9008", { url, status: response.status, message: response.statusText });
  }
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data: ")) yield JSON.parse(line.slice(6)) as FlowStep;
  }
}

/** All steps that came from one event or job, in the order they ended, once the job has ended. */
export async function followJob(
  environment: Environment,
  jobId: string,
  onStep: (step: FlowStep) => void,
): Promise<FlowStep[]> {
  const family = new Set([jobId, `webhook-${jobId}`]);
  const steps: FlowStep[] = [];
  const stop = new AbortController();
  try {
    for await (const step of followFlow(environment, stop.signal)) {
      if (!family.has(step.id) && !(step.parent !== undefined && family.has(step.parent))) continue;
      family.add(step.id);
      steps.push(step);
      onStep(step);
      if (step.id === jobId && step.status !== "started" && step.status !== "info") return steps;
    }
  } finally {
    stop.abort();
  }
  throw new QtError("QT9003", { stack: environment.stack });
}
