/** The party that does a step: a service of the emulator, or another party by its name. */
export type Hop = "automation" | "data-factory" | "sql" | "functions" | (string & {});

/** One step of the flow. A step that takes time is reported twice with the same `id`: when it starts and when it ends. */
export interface FlowStep {
  readonly id: string;
  readonly hop: Hop;
  /** The step, in the service's words: `webhook`, `job`, `pipeline load`, `Copy`. */
  readonly name: string;
  readonly status: "started" | "succeeded" | "failed" | "info";
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly durationMs?: number;
  /** Id of the step that caused this one: event → job → pipeline run → activity. */
  readonly parent?: string;
  /** The resource group of the step. */
  readonly resourceGroup?: string;
  /** Facts to show; never a secret or a cell value. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  /** For people, if it failed. */
  readonly error?: string;
}

/** The steps of the flow; the terminal and the console read them. */
export interface FlowLog {
  append(step: Omit<FlowStep, "at"> & { readonly at?: string }): void;
  subscribe(listener: (step: FlowStep) => void): () => void;
  /** The latest steps, oldest first. */
  recent(limit: number): FlowStep[];
}

/** Keeps the latest steps in memory. */
export function createFlowLog(capacity = 2000): FlowLog {
  const steps: FlowStep[] = [];
  const listeners = new Set<(step: FlowStep) => void>();
  return {
    append(step) {
      const full: FlowStep = { at: new Date().toISOString(), ...step };
      steps.push(full);
      if (steps.length > capacity) steps.splice(0, steps.length - capacity);
      for (const listener of listeners) listener(full);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    recent: (limit) => steps.slice(-limit),
  };
}
