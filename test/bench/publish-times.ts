import { setTimeout as delay } from "node:timers/promises";
import { query } from "../../local/commands/emulator-client";
import type { Environment } from "../../local/environment";

/** Seconds taken by the parts of `qt.publish`, from PostgreSQL's function statistics. */
export interface PublishTimes {
  readonly publish: number;
  /** First publish: reading, converting and writing the rows. */
  readonly build: number;
  readonly index: number;
  /** Later publishes: comparing, including counts and checks. */
  readonly compare: number;
  readonly apply: number;
}

type Counters = Readonly<Record<string, { calls: number; total: number; self: number }>>;

/** Makes PostgreSQL collect function statistics from now on. */
export async function trackPublish(environment: Environment): Promise<void> {
  await query(environment, "alter system set track_functions = 'pl'");
  await query(environment, "select pg_reload_conf()");
}

/** Runs work that publishes once, and reports how long each part of that publish took. */
export async function timePublish<T>(
  environment: Environment,
  work: () => Promise<T>,
): Promise<{ result: T; times: PublishTimes }> {
  const before = await counters(environment);
  const result = await work();
  const calls = (before.publish?.calls ?? 0) + 1;
  let after = await counters(environment);
  // An idle session reports its statistics up to ten seconds later.
  for (let tries = 0; (after.publish?.calls ?? 0) < calls && tries < 200; tries++) {
    await delay(100);
    after = await counters(environment);
  }
  const spent = (name: string, kind: "total" | "self") =>
    ((after[name]?.[kind] ?? 0) - (before[name]?.[kind] ?? 0)) / 1000;
  const times = {
    publish: spent("publish", "total"),
    build: spent("build_landed", "self"),
    index: spent("index_landed", "total"),
    compare: spent("publish", "self"),
    apply: spent("apply_delta", "total"),
  };
  return { result, times };
}

async function counters(environment: Environment): Promise<Counters> {
  const rows = await query(
    environment,
    "select funcname, calls, total_time, self_time from pg_stat_user_functions where schemaname = 'qt'",
  );
  return Object.fromEntries(
    rows.map((row) => [
      String(row.funcname),
      { calls: Number(row.calls), total: Number(row.total_time), self: Number(row.self_time) },
    ]),
  );
}
