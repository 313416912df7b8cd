import type { TenantOutcome, Verb } from "./outcome";

/** An event during a run. */
export type RunEvent =
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "started"; readonly tenant: string }
  /** The current step of the tenant's stack. */
  | { readonly kind: "progress"; readonly tenant: string; readonly text: string }
  | { readonly kind: "ended"; readonly outcome: TenantOutcome };

/** Asks a run to end: `soon` starts nothing more and lets Pulumi finish its current work; `now` does not wait for it. */
export class StopRequest {
  readonly #listeners = new Set<(how: "soon" | "now") => void>();
  #how: "soon" | "now" | undefined;

  get how(): "soon" | "now" | undefined {
    return this.#how;
  }

  stop(how: "soon" | "now"): void {
    this.#how = how;
    for (const listener of this.#listeners) listener(how);
  }

  /** Calls the listener at each request; returns a function that ends this. */
  listen(listener: (how: "soon" | "now") => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

export interface RunRequest {
  readonly verb: Verb;
  /** In this order. */
  readonly tenants: readonly string[];
  /** How many stacks run at once. */
  readonly parallel: number;
  /** With `up`: first read manual changes from Azure, so that they are reverted. */
  readonly refresh: boolean;
  readonly stop: StopRequest;
  onEvent(event: RunEvent): void;
}

/** Runs a command for tenants. A tenant's failure is its outcome; every tenant that starts also ends. */
export type Runner = (request: RunRequest) => Promise<void>;
