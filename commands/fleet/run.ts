import type { TenantOutcome, Verb } from "./outcome";

/** What happens during a run, as it happens. */
export type RunEvent =
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "started"; readonly tenant: string }
  /** What the tenant's stack is at just now. */
  | { readonly kind: "progress"; readonly tenant: string; readonly text: string }
  | { readonly kind: "ended"; readonly outcome: TenantOutcome };

/** Asks a run to end: `soon` begins nothing more and lets Pulumi finish what it is at; `now` does not wait for it. */
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

  /** Calls the listener at each request; returns the function that ends it. */
  listen(listener: (how: "soon" | "now") => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

export interface RunRequest {
  readonly verb: Verb;
  /** In this order. */
  readonly tenants: readonly string[];
  /** Stacks at a time. */
  readonly parallel: number;
  /** With `up`: first take over what was changed in Azure by hand, so that it is put back. */
  readonly refresh: boolean;
  readonly stop: StopRequest;
  onEvent(event: RunEvent): void;
}

/** Runs a command over tenants. A tenant's failure is its outcome; it ends every tenant that it begins. */
export type Runner = (request: RunRequest) => Promise<void>;
