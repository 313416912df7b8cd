import { randomUUID } from "node:crypto";
import { messageOf } from "../../../../kit/reason-of";
import type { FlowLog, FlowStep } from "../../../control-plane/flow-log";
import type { Argument } from "./call-statement";
import type { Login } from "./login";

/** Reports the start and the end of a procedure call to the flow log, with no arguments other than ids. */
export async function traceCall<T>(
  flow: FlowLog,
  login: Login,
  procedure: string,
  given: readonly Argument[],
  work: () => Promise<T>,
): Promise<T> {
  const argument = (name: string): string | undefined =>
    given.find((one) => one.name.toLowerCase() === `@${name}`)?.value ?? undefined;
  const run = argument("run_id");
  const dataset = argument("dataset_id");
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(login.server.id)?.[1];
  const step = {
    id: randomUUID(),
    hop: "sql",
    name: procedure,
    detail: { database: login.database, ...(dataset !== undefined && { dataset }) },
    ...(run !== undefined && { parent: run }),
    ...(group !== undefined && { resourceGroup: group }),
  } satisfies Partial<FlowStep>;
  const started = performance.now();
  const report = (more: Pick<FlowStep, "status" | "error">): void =>
    flow.append({ ...step, ...more, durationMs: Math.round(performance.now() - started) });
  flow.append({ ...step, status: "started" });
  try {
    const result = await work();
    report({ status: "succeeded" });
    return result;
  } catch (error) {
    report({ status: "failed", error: messageOf(error) });
    throw error;
  }
}
