import type { AzureSession } from "./azure-session";

/** Why a step cannot see what is live; drift says so and shows no change. */
export class NotSeen extends Error {}

/** The result of a step; `secret` is encrypted in the state. Both are plain JSON. */
export interface Outcome<Result, Secret> {
  readonly result: Result;
  readonly secret?: Secret;
}

/**
 * One imperative step: observe, ensure, return. Create and update are the same: running a step twice with the same inputs changes
 * nothing, and removing something that is already gone succeeds.
 */
export interface StepDefinition<Inputs extends object, Result, Secret = undefined> {
  /** Inputs that cannot change in place: a change creates a new step and then removes the old one. */
  readonly replaceOn?: readonly (keyof Inputs & string)[];
  /**
   * Refuses inputs that cannot follow those of the last run; a preview refuses them too. Values that only the deployment knows may
   * still be unknown in `inputs` (a text of the engine's).
   * @param previous The inputs of the last run, possibly of an earlier version. @throws QtError
   */
  check?(inputs: Inputs, previous: Partial<Inputs>): void;
  /** What whoever deploys has to know of a change of the inputs, in each preview and each deployment; a sentence or more each. */
  notices?(inputs: Inputs, previous: Partial<Inputs>): readonly string[];
  /**
   * The inputs with what the step reads in Azure, in each preview and each deployment: a program may use it in a preview, and a change of it
   * runs the step. Not called while an input is unknown. @throws QtError It refuses the inputs.
   */
  observe?(inputs: Inputs, azure: AzureSession): Promise<Inputs>;
  /** @param previous The last outcome, if the step ran before. @throws QtError */
  ensure(
    inputs: Inputs,
    azure: AzureSession,
    previous?: Outcome<Result, Secret>,
  ): Promise<Outcome<Result, Secret>>;
  /**
   * The inputs as they would have to be to make what is live now. If they differ from `inputs`, drift shows it, and the next deployment with
   * a refresh runs the step again. It must change nothing, and wake nothing that costs money.
   * @returns undefined if what the step made is gone. @throws ArmCallError 401 or 403, {@link NotSeen}: it cannot look
   */
  read?(inputs: Inputs, azure: AzureSession, outcome: Outcome<Result, Secret>): Promise<Inputs | undefined>;
  remove?(inputs: Inputs, azure: AzureSession, outcome: Outcome<Result, Secret>): Promise<void>;
}
