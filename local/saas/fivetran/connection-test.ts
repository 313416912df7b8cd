import { QtError } from "../../../errors/qt-error";
import type { ConnectionStore } from "./connection-store";
import { callFunction, type FunctionCall } from "./function-client";
import { isErrorPage, parsePage } from "./page-parser";
import { violation } from "./protocol-rules";

/** The outcome of a connection test. */
export interface TestReport {
  readonly status: "passed";
  /** The call that passed: the one with `sync_id` "setup-test" or, after an error, the one without. */
  readonly passedWithSyncId: boolean;
  readonly durationMs: number;
}

/**
 * Fivetran's connection test (fivetran.com/docs/connectors/functions/azure-functions, "sync_id"): a call with `sync_id` "setup-test" and, on an error, one without.
 * Applies nothing and keeps the state.
 * @throws the error of the second call.
 */
export async function testConnection(connection: string, store: ConnectionStore): Promise<TestReport> {
  const config = await store.config(connection);
  const call = { connection, config, state: await store.state(connection), setupTest: true };
  const started = performance.now();
  const passedWithSyncId = await passes({ ...call, syncId: "setup-test" }).then(
    () => true,
    () => false,
  );
  if (!passedWithSyncId) await passes({ ...call, syncId: undefined });
  return { status: "passed", passedWithSyncId, durationMs: Math.round(performance.now() - started) };
}

async function passes(call: FunctionCall): Promise<void> {
  const page = parsePage((await callFunction(call)).text);
  if (isErrorPage(page)) throw new QtError("QT8504", { message: page.errorMessage });
  if (page.hasMore) throw violation("hasMore", "a connection test must answer hasMore false");
}
