import type { Sandbox } from "./sandbox";

/** One run of a runbook's content. */
export interface Execution {
  readonly runbookName: string;
  readonly content: string;
  /** Parameters by name, JSON parsed where they are JSON. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly sandbox: Sandbox;
  write(type: "Output" | "Warning" | "Error", text: string): void;
  /** Aborted when the emulator stops; the job then starts again from the beginning. */
  readonly signal: AbortSignal;
}

/** Runs a runbook. What it throws is the job's exception. */
export interface RunbookExecutor {
  run(execution: Execution): Promise<void>;
}

/** A runbook in TypeScript, for machines without PowerShell. */
export interface RunbookTwin {
  /** As messages name it. */
  readonly name: string;
  /** File of the script that it follows. */
  readonly script: string;
  run(execution: Execution, pace: LocalPace): Promise<void>;
}

/** Where the emulator's own endpoints are, and how fast to ask them again: far faster than the script's defaults for Azure. */
export interface LocalPace {
  readonly armEndpoint: string;
  readonly loginEndpoint: string;
  readonly firstPollSeconds: number;
  readonly longestPollSeconds: number;
  /** The twin's clock, where a test holds it: now in ms since 1970, and a pause of so many ms that need not last. */
  readonly clock?: { now(): number; pause(milliseconds: number): void };
}
