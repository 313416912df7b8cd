import type {
  EngineProgress,
  ResourceChange,
  ResourceOperation,
  RunOptions,
  RunResult,
  StackOutput,
} from "./engine";
import { addressOf } from "./resource-provider";

/** Counts the steps of a run and reports them as progress. */
export class RunRecorder {
  readonly #started = performance.now();
  readonly #starts = new Map<string, number>();
  readonly #changes = new Map<string, ResourceChange>();
  readonly #errors: string[] = [];
  #same = 0;

  constructor(private readonly options: RunOptions = {}) {}

  start(urn: string, operation: ResourceOperation): void {
    this.#starts.set(urn, performance.now());
    this.#emit(urn, operation, "started");
  }

  succeed(urn: string, operation: ResourceOperation): void {
    if (operation === "same") this.#same += 1;
    else if (operation !== "read") this.#changes.set(urn, { operation, ...addressOf(urn) });
    this.#emit(urn, operation, "succeeded");
  }

  fail(urn: string, operation: ResourceOperation): void {
    this.#emit(urn, operation, "failed");
  }

  message(severity: "info" | "warning" | "error", text: string, urn?: string): void {
    if (severity === "error") this.#errors.push(urn ? `${addressOf(urn).name}: ${text}` : text);
    this.options.onProgress?.({ kind: "message", severity, text, ...(urn ? { urn } : {}) });
  }

  /** The error messages in order, without duplicates. */
  errors(): string[] {
    return [...new Set(this.#errors)];
  }

  result(outputs: Readonly<Record<string, StackOutput>> = {}): RunResult {
    const changes = [...this.#changes.values()];
    const count = (operation: ResourceOperation): number =>
      changes.filter((change) => change.operation === operation).length;
    return {
      creates: count("create"),
      updates: count("update"),
      replaces: count("replace"),
      deletes: count("delete"),
      same: this.#same,
      changes,
      durationMs: Math.round(performance.now() - this.#started),
      outputs,
    };
  }

  #emit(urn: string, operation: ResourceOperation, status: "started" | "succeeded" | "failed"): void {
    const { type, name } = addressOf(urn);
    const start = this.#starts.get(urn);
    const event: EngineProgress = {
      kind: "resource",
      status,
      operation,
      urn,
      type,
      name,
      at: new Date().toISOString(),
      ...(status === "started" || start === undefined
        ? {}
        : { durationMs: Math.round(performance.now() - start) }),
    };
    this.options.onProgress?.(event);
  }
}
