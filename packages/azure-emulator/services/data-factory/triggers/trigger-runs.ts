import { randomUUID } from "node:crypto";
import { messageOf } from "../../../../kit/reason-of";
import type { FlowLog } from "../../../control-plane/flow-log";
import { ArmError } from "../../../control-plane/local-service";
import type { ArmResource, ResourceStore } from "../../../control-plane/resource";
import { parentId } from "../../../control-plane/resource";
import { parseTrigger } from "../model/trigger";
import type { FactoryAt } from "../run/deployed-factory";
import type { Runner } from "../run/runner";
import type { TriggerClock } from "./trigger-clock";
import { triggerParameters } from "./trigger-parameters";

/** Starts and stops deployed triggers. The resource keeps their state as `runtimeState`. */
export class TriggerRuns {
  constructor(
    private readonly resources: ResourceStore,
    private readonly factoryAt: FactoryAt,
    private readonly runner: Runner,
    private readonly clock: TriggerClock,
    private readonly flow: FlowLog,
  ) {}

  /** @throws ArmError 404 */
  async start(id: string): Promise<void> {
    await this.setState(id, "Started");
    this.arm(id);
  }

  /** @throws ArmError 404 */
  async stop(id: string): Promise<void> {
    await this.setState(id, "Stopped");
    this.clock.disarm(id);
  }

  /** Arms every started trigger again after a restart. */
  resume(): void {
    for (const { id, properties } of this.resources.list({
      type: "Microsoft.DataFactory/factories/triggers",
    })) {
      if (properties.runtimeState === "Started") this.arm(id);
    }
  }

  private arm(id: string): void {
    const resource = this.resources.get(id);
    if (resource === undefined) return;
    const { recurrence } = parseTrigger(resource.name, resource.properties);
    this.clock.arm(id, recurrence, () => this.fire(id));
  }

  /** Starts the trigger's pipelines now. */
  fire(id: string): void {
    const resource = this.resources.get(id);
    if (resource === undefined) return;
    const now = new Date().toISOString();
    const triggerRunId = randomUUID();
    const started = new Map<string, string>();
    const failures: string[] = [];
    for (const { name, parameters } of parseTrigger(resource.name, resource.properties).pipelines) {
      try {
        started.set(name, this.startPipeline(resource, triggerRunId, name, parameters, now));
      } catch (error) {
        failures.push(messageOf(error));
      }
    }
    this.runner.store.saveTriggerRun({
      triggerRunId,
      factoryId: parentId(id),
      triggerName: resource.name,
      triggerType: "ScheduleTrigger",
      triggerRunTimestamp: now,
      status: failures.length === 0 ? "Succeeded" : "Failed",
      message: failures.join(" "),
      properties: { TriggerTime: now, ScheduleTime: now },
      triggeredPipelines: Object.fromEntries(started),
      runDimension: {},
      dependencyStatus: {},
    });
  }

  private startPipeline(
    { id, name: trigger }: ArmResource,
    triggerRunId: string,
    pipelineName: string,
    parameters: Readonly<Record<string, unknown>>,
    now: string,
  ): string {
    const factory = this.factoryAt(parentId(id));
    const invokedBy = { id: triggerRunId, name: trigger, invokedByType: "ScheduleTrigger" } as const;
    try {
      const values = triggerParameters(parameters, now, now);
      return this.runner.start({ factory, pipelineName, parameters: values, invokedBy }).runId;
    } catch (error) {
      // No caller can handle this error, so log it and keep the clock running.
      this.flow.append({
        id: triggerRunId,
        hop: "data-factory",
        name: `trigger ${trigger}`,
        status: "failed",
        resourceGroup: factory.resourceGroup,
        error: messageOf(error),
      });
      throw error;
    }
  }

  private async setState(id: string, runtimeState: "Started" | "Stopped"): Promise<void> {
    const resource = this.resources.get(id);
    if (resource === undefined)
      throw new ArmError(404, "TriggerNotFound", `The trigger ${id} does not exist.`);
    await this.resources.set({ ...resource, properties: { ...resource.properties, runtimeState } });
  }
}
