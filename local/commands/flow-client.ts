import { QtError } from "../../errors/qt-error";
import type { FlowStep } from "../../packages/azure-emulator/control-plane/flow-log";
import type { Environment } from "../environment";

/** The steps of a running emulator: the latest ones first, then each as it happens, until the caller stops iterating. */
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

/** All steps caused by one event or job, in the order in which they ended. Resolves when the job and its runs have ended. */
export async function followJob(
  environment: Environment,
  jobId: string,
  onStep: (step: FlowStep) => void,
): Promise<FlowStep[]> {
  const family = new Set([jobId, `webhook-${jobId}`]);
  const steps: FlowStep[] = [];
  const goingOn = new Set([jobId]);
  const stop = new AbortController();
  try {
    for await (const step of followFlow(environment, stop.signal)) {
      if (!family.has(step.id) && !(step.parent !== undefined && family.has(step.parent))) continue;
      family.add(step.id);
      steps.push(step);
      onStep(step);
      if (step.status === "started") {
        if (isRunOf(step, jobId)) goingOn.add(step.id);
      } else if (step.status !== "info") goingOn.delete(step.id);
      if (goingOn.size === 0) return steps;
    }
  } finally {
    stop.abort();
  }
  throw new QtError("QT9003", { stack: environment.stack });
}

/** True if the step is a pipeline run that the job started. */
export function isRunOf(step: FlowStep, jobId: string): boolean {
  return step.hop === "data-factory" && step.parent === jobId;
}

/** How a job ended, together with the run that it started. The job itself waits for the run only if the tenant wants that. */
export interface JobEnd {
  readonly status: "succeeded" | "failed";
  /** What failed, `job <id>` or `run <id>`. If nothing failed: the run if there is one, else the job. */
  readonly what: string;
  /** The error; "" if both succeeded. */
  readonly error: string;
  /** From the start of the job to the end of whichever ended last. */
  readonly durationMs: number;
}

/** Works out a job's end from the steps that `followJob` returns. */
export function endOf(steps: readonly FlowStep[], jobId: string): JobEnd {
  const own = steps.filter((step) => step.id === jobId || isRunOf(step, jobId));
  const ends = own.filter(({ status }) => status === "succeeded" || status === "failed");
  const failed = ends.find(({ status }) => status === "failed");
  const { id } = failed ?? own.find((step) => step.id !== jobId) ?? { id: jobId };
  const times = own.map(({ at }) => Date.parse(at));
  return {
    status: failed === undefined ? "succeeded" : "failed",
    what: `${id === jobId ? "job" : "run"} ${id}`,
    error: failed?.error ?? "",
    durationMs: times.length === 0 ? 0 : Math.max(...times) - Math.min(...times),
  };
}
