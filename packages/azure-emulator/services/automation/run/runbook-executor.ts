import type { Sandbox } from "./sandbox";

/** One run of a runbook's content. */
export interface Execution {
  readonly runbookName: string;
  readonly content: string;
  /** Parameters by name; those that are JSON are parsed. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly sandbox: Sandbox;
  write(type: "Output" | "Warning" | "Error", text: string): void;
  /** Aborted when the emulator stops; the job then starts again from the beginning. */
  readonly signal: AbortSignal;
}

/** Runs a runbook. An error that it throws is the job's exception. */
export interface RunbookExecutor {
  /** @param started called once it runs: it may first wait for a process of this machine */
  run(execution: Execution, started?: () => void): Promise<void>;
}

/** A runbook in TypeScript, for machines without PowerShell. */
export interface RunbookTwin {
  /** The name in messages. */
  readonly name: string;
  /** The script file that the twin follows. */
  readonly script: string;
  run(execution: Execution, pace: LocalPace): Promise<void>;
}

/** The emulator's endpoints, and the pauses between polls: far shorter than the script's defaults for Azure. */
export interface LocalPace {
  readonly armEndpoint: string;
  readonly loginEndpoint: string;
  readonly firstPollSeconds: number;
  readonly longestPollSeconds: number;
  /** A test's clock for the twin: the time in ms since 1970, and a pause that need not really wait. */
  readonly clock?: { now(): number; pause(milliseconds: number): void };
}
