import type { AzureSession } from "./azure-session";

/** What a step found or made; `secret` is encrypted in the state. Both are plain JSON. */
export interface Outcome<Result, Secret> {
  readonly result: Result;
  readonly secret?: Secret;
}

/**
 * One imperative step: observe, ensure, return. There is no separate create and update; running a step twice with the
 * same inputs changes nothing, and removing what is gone succeeds.
 */
export interface StepDefinition<Inputs extends object, Result, Secret = undefined> {
  /** Inputs that cannot change in place: the step is made again beside the old one, which is removed afterwards. */
  readonly replaceOn?: readonly (keyof Inputs & string)[];
  /**
   * Refuses, already in a preview, inputs that cannot follow those of the last run. What the deployment alone knows may still be
   * unknown in `inputs` (a text of the engine's).
   * @param previous The inputs of the last run, which may be an earlier version's. @throws QtError
   */
  check?(inputs: Inputs, previous: Partial<Inputs>): void;
  /** @param previous The last outcome where the step ran before. @throws QtError */
  ensure(
    inputs: Inputs,
    azure: AzureSession,
    previous?: Outcome<Result, Secret>,
  ): Promise<Outcome<Result, Secret>>;
  remove?(inputs: Inputs, azure: AzureSession, outcome: Outcome<Result, Secret>): Promise<void>;
}
