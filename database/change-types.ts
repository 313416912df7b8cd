import { QtError } from "../errors/qt-error";
import type { MigrationExecutor, Row } from "./migration-executor";
import { type LoggedRetry, withRetry } from "./retry";

/** Rows of the first call; later calls take as many as fill {@link CALL_MS}, so that no load waits long and no call comes near its time-out. */
const FIRST_ROWS = 20_000;
const MOST_ROWS = 500_000;
const CALL_MS = 4_000;
/** Deployments show at most one line in this time. */
const LOG_MS = 5_000;
/** A call waits for a lock for five seconds. */
const MOST_WAITS = 720;

type State = "copying" | "changed" | "dropped" | "waiting" | "refused";

/**
 * Makes the changes of type that qt.configure left to be made beside their tables. The database keeps how far they are, so another run
 * continues where this one stops.
 *
 * @param now A clock in milliseconds.
 * @throws QtError QT4036 if a table is in use for too long; errors of qt.change_types as the database words them.
 */
export async function changeTypes(
  executor: Pick<MigrationExecutor, "call">,
  retry: LoggedRetry,
  now: () => number = () => performance.now(),
): Promise<void> {
  let rows = FIRST_ROWS;
  let waits = 0;
  let logged = Number.NEGATIVE_INFINITY;
  for (;;) {
    const started = now();
    const [row] = await withRetry("Changing types", () => executor.call("qt.change_types", { rows }), retry);
    if (row === undefined) return;
    const state = String(row.state) as State;
    if (state === "refused") throw new Error(String(row.error));
    waits = state === "waiting" ? waits + 1 : 0;
    if (waits >= MOST_WAITS) throw new QtError("QT4036", { dataset: String(row.dataset_id) });
    if (state === "copying") rows = rowsAfter(rows, now() - started);
    if (state === "dropped" || (state !== "changed" && now() - logged < LOG_MS)) continue;
    logged = now();
    retry.log(line(state, row));
  }
}

/** Halved or doubled, so that a pause of the database does not make the next calls tiny. */
function rowsAfter(rows: number, ms: number): number {
  if (ms > 2 * CALL_MS) return Math.max(1, Math.round(rows / 2));
  return ms < CALL_MS / 2 ? Math.min(MOST_ROWS, rows * 2) : rows;
}

function line(state: State, { dataset_id, columns, copied_rows, live_rows }: Row): string {
  const what = `type of ${columns} ${Number(columns) === 1 ? "column" : "columns"} of dataset ${dataset_id}`;
  if (state === "changed") return `Changed ${what}: ${count(live_rows)} rows`;
  const progress = `Changing ${what}: ${count(copied_rows)} of ${count(live_rows)} rows`;
  return state === "waiting" ? `${progress}; waiting for a load or a long query` : progress;
}

const count = (value: unknown) => Number(value).toLocaleString("en-GB");
