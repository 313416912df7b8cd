import type { CsvSink } from "../copy/csv-sink";
import type { Value } from "../expressions/value";
import type { ActivityNode } from "../model/activity";
import type { OpenSql } from "../sql/sql-session";
import type { DeployedFactory } from "./deployed-factory";
import type { PipelineRun } from "./records";
import type { Resolver } from "./resolver";

/** What the runner needs from outside. */
export interface RunnerServices {
  readonly csvSink: () => CsvSink;
  readonly openSql: OpenSql;
  readonly fetch: typeof fetch;
  /** A bearer token of the factory's own identity. @throws ActivityError where it has none. */
  token(factory: DeployedFactory, audience: string): string;
  /** Retry intervals and waits are multiplied by it; retry counts and timeouts never are. */
  readonly intervalScale: number;
}

/** What one attempt of an activity can see and do. */
export interface ActivityContext {
  readonly activityName: string;
  readonly factory: DeployedFactory;
  readonly services: RunnerServices;
  /** Aborted by the activity's timeout and by a cancelled run. */
  readonly signal: AbortSignal;
  readonly resolver: Resolver;
  readonly variables: Variables;
  /** Shows the evaluated input in the activity run, masked where the policy says so. */
  recordInput(input: Readonly<Record<string, unknown>>): void;
  /** Another resolver, which sees `item()`. */
  withItem(item: Value): Resolver;
  /**
   * Runs nested activities, each time with activity results of their own.
   * @returns a resolver that sees those results.
   * @throws ActivityError where one that counts did not succeed.
   */
  runBranch(activities: readonly ActivityNode[], item?: Value): Promise<Resolver>;
  /** Starts another pipeline of the factory. */
  startPipeline(name: string, parameters: ReadonlyMap<string, Value>): StartedPipeline;
}

export interface StartedPipeline {
  readonly runId: string;
  /** Ends when the run does. Cancelling the parent cancels it. */
  readonly finished: Promise<PipelineRun>;
}

/** The run's variables. */
export interface Variables {
  get(name: string): Value | undefined;
  /** @throws ActivityError where the variable is not declared, or the value of another type. */
  set(name: string, value: Value): Value;
  /** @throws ActivityError where the variable is no array. */
  append(name: string, value: Value): Value;
}
