import type { AzureCsvBehaviour } from "../copy/azure-csv-behaviour";
import type { CsvSink } from "../copy/csv-sink";
import type { Value } from "../expressions/value";
import type { ActivityNode } from "../model/activity";
import type { OpenSql } from "../sql/sql-session";
import type { DeployedFactory } from "./deployed-factory";
import type { PipelineRun } from "./records";
import type { Resolver } from "./resolver";

/** The services that activities use. */
export interface RunnerServices {
  readonly csvSink: () => CsvSink;
  readonly openSql: OpenSql;
  /** How the copy reads what is not documented. */
  readonly csvBehaviour: AzureCsvBehaviour;
  readonly fetch: typeof fetch;
  /**
   * The loopback address from which a runtime connects, by which services know it.
   * @param network the id of its managed virtual network; undefined for Azure's own runtime
   * @returns undefined for this machine's own address
   */
  addressIn(network: string | undefined): Promise<string | undefined>;
  /** A bearer token for the factory's own identity. @throws ActivityError if the factory has none */
  token(factory: DeployedFactory, audience: string): string;
  /** Factor for retry intervals and waits; retry counts and timeouts are not scaled. */
  readonly intervalScale: number;
}

/** Everything that one attempt of an activity can use. */
export interface ActivityContext {
  readonly activityName: string;
  readonly factory: DeployedFactory;
  readonly services: RunnerServices;
  /** Aborts at the activity's timeout or when the run is cancelled. */
  readonly signal: AbortSignal;
  readonly resolver: Resolver;
  readonly variables: Variables;
  /** Records the evaluated input in the activity run, masked if the policy says `secureInput`. */
  recordInput(input: Readonly<Record<string, unknown>>): void;
  /** A resolver for which `item()` is the given item. */
  withItem(item: Value): Resolver;
  /**
   * Runs nested activities. Their results are seen by `resolver` and by what runs after this activity; those of a loop's item are
   * its own.
   * @throws ActivityError if the nested activities failed
   */
  runBranch(activities: readonly ActivityNode[], item?: Value): Promise<void>;
  /** Starts another pipeline of the factory. */
  startPipeline(name: string, parameters: ReadonlyMap<string, Value>): StartedPipeline;
}

export interface StartedPipeline {
  readonly runId: string;
  /** Resolves when the run has ended. Cancelling the parent cancels the run. */
  readonly finished: Promise<PipelineRun>;
}

/** The run's variables. */
export interface Variables {
  get(name: string): Value | undefined;
  /** @throws ActivityError if the variable is not declared or the value is of another type */
  set(name: string, value: Value): Value;
  /** @throws ActivityError if the variable is not an array */
  append(name: string, value: Value): Value;
}
