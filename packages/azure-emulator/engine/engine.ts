/** A stack to deploy. */
export interface StackRequest {
  /** Stack name, `dev`. */
  readonly name: string;
  /** By full key (`shop:prices`); structured values as JSON text, as Pulumi keeps them. */
  readonly config: Readonly<Record<string, ConfigEntry>>;
  /** The Pulumi program; what it returns are the stack's outputs. */
  readonly program: StackProgram;
  /** Loads the program's modules; called in the half second in which the engine itself starts. */
  preload?(): void;
}

export interface ConfigEntry {
  readonly value: string;
  readonly secret?: boolean;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a program without outputs returns nothing, as Pulumi's own type says.
export type StackProgram = () => Promise<Readonly<Record<string, unknown>> | void>;

export type ResourceOperation = "create" | "update" | "replace" | "delete" | "same" | "read";

/** What the engine is doing, as it happens. */
export type EngineProgress =
  | {
      readonly kind: "resource";
      readonly status: "started" | "succeeded" | "failed";
      readonly operation: ResourceOperation;
      readonly urn: string;
      /** Type token, `azure-native:sql:Database`. */
      readonly type: string;
      /** Logical name. */
      readonly name: string;
      /** ISO 8601, UTC. */
      readonly at: string;
      /** With `succeeded` and `failed`. */
      readonly durationMs?: number;
    }
  | {
      readonly kind: "message";
      readonly severity: "info" | "warning" | "error";
      readonly text: string;
      readonly urn?: string;
    };

export interface RunOptions {
  /**
   * `up` only: first takes over what exists in the cloud, so that what somebody changed or deleted there by hand is put back.
   * Taking over is no change and is not told.
   */
  readonly refresh?: boolean;
  onProgress?(event: EngineProgress): void;
  /** Told what Pulumi's event log tells (`EngineEvent`), without its debug messages; secrets are masked. */
  onEvent?(event: object): void;
}

/** A resource that a run changed, or would change. */
export interface ResourceChange {
  readonly operation: Exclude<ResourceOperation, "same" | "read">;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export interface RunResult {
  readonly creates: number;
  readonly updates: number;
  readonly replaces: number;
  readonly deletes: number;
  readonly same: number;
  readonly changes: readonly ResourceChange[];
  readonly durationMs: number;
  /** Stack outputs in plain; a preview has those that are known already. */
  readonly outputs: Readonly<Record<string, StackOutput>>;
}

export interface StackOutput {
  readonly value: unknown;
  readonly secret: boolean;
}

/** How the Pulumi program reaches the emulator of Azure. */
export interface Engine {
  /** `engine`: the real Pulumi engine. `in-process`: a small one of our own, where there is no Pulumi CLI. */
  readonly kind: "engine" | "in-process";
  /** One line for people, where something other than the usual is in use. */
  readonly notice?: string;
  /** What `up` would do. @throws EmulatorError QT7006 with the engine's diagnostics. */
  preview(stack: StackRequest, options?: RunOptions): Promise<RunResult>;
  up(stack: StackRequest, options?: RunOptions): Promise<RunResult>;
  /**
   * Deletes every resource and forgets the stack; a stack that does not exist is no error.
   * @throws EmulatorError QT7011 before anything is deleted, where a resource is protected.
   */
  destroy(stack: StackRequest, options?: RunOptions): Promise<RunResult>;
  /** The stack's state as `pulumi stack export` shows it; secrets are encrypted. Undefined without a stack. */
  exportState(stack: Pick<StackRequest, "name">): Promise<unknown>;
  /** Drift: what exists against what was deployed; an update is a resource changed, a delete one that is gone. */
  refreshPreview(stack: StackRequest, options?: RunOptions): Promise<RunResult>;
}
