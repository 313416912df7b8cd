/** A stack to deploy. */
export interface StackRequest {
  /** Stack name, `dev`. */
  readonly name: string;
  /** By full key (`shop:prices`); structured values are JSON text, as Pulumi stores them. */
  readonly config: Readonly<Record<string, ConfigEntry>>;
  /** The Pulumi program; it returns the stack's outputs. */
  readonly program: StackProgram;
  /** More variables of the process of its dynamic resources, such as those of `callerEnvironment`: from where they connect. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Loads the program's modules; called while the engine starts, which takes half a second. */
  preload?(): void;
}

export interface ConfigEntry {
  readonly value: string;
  readonly secret?: boolean;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a program without outputs returns nothing, as Pulumi's own type says.
export type StackProgram = () => Promise<Readonly<Record<string, unknown>> | void>;

export type ResourceOperation = "create" | "update" | "replace" | "delete" | "same" | "read";

/** Progress of a run: a resource's step, or a message. */
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
   * `up` only: first refreshes the state from the cloud, so that manual changes and deletions there are undone.
   * The refresh itself reports no changes.
   */
  readonly refresh?: boolean;
  onProgress?(event: EngineProgress): void;
  /** Receives the events of Pulumi's event log (`EngineEvent`) except debug messages; secrets are masked. */
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
  /** Stack outputs in plain text; a preview has only those that are already known. */
  readonly outputs: Readonly<Record<string, StackOutput>>;
}

export interface StackOutput {
  readonly value: unknown;
  readonly secret: boolean;
}

/** Deploys Pulumi programs to the emulator. */
export interface Engine {
  /** `engine`: the real Pulumi engine. `in-process`: our own small engine, used if there is no Pulumi CLI. */
  readonly kind: "engine" | "in-process";
  /** One line for the user if the program does not run on the real engine. */
  readonly notice?: string;
  /** What `up` would do. @throws EmulatorError QT7006 with the engine's diagnostics. */
  preview(stack: StackRequest, options?: RunOptions): Promise<RunResult>;
  up(stack: StackRequest, options?: RunOptions): Promise<RunResult>;
  /**
   * Deletes every resource and removes the stack; a stack that does not exist is no error.
   * @throws EmulatorError QT7011, before anything is deleted, if a resource is protected.
   */
  destroy(stack: StackRequest, options?: RunOptions): Promise<RunResult>;
  /** The stack's state as `pulumi stack export` shows it; secrets are encrypted. Undefined if there is no stack. */
  exportState(stack: Pick<StackRequest, "name">): Promise<unknown>;
  /** Drift: compares the cloud with the deployed state; a changed resource is an update, a missing one a delete. */
  refreshPreview(stack: StackRequest, options?: RunOptions): Promise<RunResult>;
}
