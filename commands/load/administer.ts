import { QtError } from "../../errors/qt-error";
import { messageOf } from "../../packages/kit/reason-of";
import { count, type OutputMode, runSteps } from "../progress";
import { chooseTarget, type TargetChoice } from "./choose-target";
import type { LoadTarget } from "./load-target";

/** What an administrator does to the database: erase a row by its key, let it land again, or release a table's name. */
export type AdminTask =
  | { readonly kind: "erase" | "lift"; readonly dataset: string; readonly key: ReadonlyMap<string, string> }
  | { readonly kind: "release"; readonly table: string };

export interface AdministerOptions extends TargetChoice {
  readonly task: AdminTask;
  readonly mode: OutputMode;
}

/** Does it, and says what it did and what is left to do. @throws QtError QT4009, QT4037 to QT4039, or why there is no connection */
export async function administer({ task, ...options }: AdministerOptions): Promise<void> {
  let result: AdminResult | undefined;
  const run = async () => {
    result = await perform(await chooseTarget(options), task);
    return result.lines.join("\n");
  };
  await runSteps([{ title: titleOf(task), run }], options.mode);
  if (options.mode === "json") process.stdout.write(`${JSON.stringify(result?.values, null, 2)}\n`);
}

export interface AdminResult {
  /** For machines. */
  readonly values: Readonly<Record<string, unknown>>;
  /** For people. */
  readonly lines: readonly string[];
}

/** {@link administer} on a target. Neither its result nor an error has a value of the key. */
export async function perform(
  target: Pick<LoadTarget, "datasets" | "administer">,
  task: AdminTask,
): Promise<AdminResult> {
  if (task.kind === "release") {
    const row = await called(task.table, () =>
      target.administer("qt.release_dataset", { table_name: task.table }),
    );
    const dataset = String(row.dataset_id);
    const releasedAs = String(row.released_as);
    const kept = `Rows that it published, if any, stay in data.${releasedAs}; Fivetran no longer reads them.`;
    return {
      values: { table: task.table, dataset, releasedAs },
      lines: [
        `Another dataset can have the name ${task.table} now; it was that of dataset ${dataset}.`,
        kept,
      ],
    };
  }
  const dataset = target.datasets.find(({ table }) => table === task.dataset)?.id ?? task.dataset;
  const parameters = { dataset_id: dataset, key: JSON.stringify(Object.fromEntries(task.key)) };
  if (task.kind === "lift") {
    const row = await called(dataset, () => target.administer("qt.lift_erasure", parameters));
    const lifted = Number(row.lifted) > 0;
    const line = lifted
      ? "The key is no longer erased: the row lands again with the next snapshot that has it."
      : "The key was not erased; nothing was changed.";
    return { values: { dataset, lifted }, lines: [line] };
  }
  return erased(dataset, await called(dataset, () => target.administer("qt.erase", parameters)));
}

function erased(dataset: string, row: Readonly<Record<string, unknown>>): AdminResult {
  const tables = row.tables === null ? [] : String(row.tables).split(", ");
  const rows = Number(row.rows_erased);
  const values = Number(row.refused_values);
  const loads = Number(row.open_loads);
  const wasErased = Boolean(row.was_erased);
  const lines = [
    rows > 0
      ? `${count(rows)} ${rows === 1 ? "row" : "rows"} deleted and emptied in ${tables.map((table) => `data.${table}`).join(", ")}; the key itself goes when deleted rows are purged.`
      : `There is no such row${wasErased ? ", and the key was erased before" : ""}. The key is blocked from now on.`,
    ...(values > 0
      ? [`${count(values)} values that loads of the dataset were refused for are removed.`]
      : []),
    ...(loads > 0
      ? [`${count(loads)} open ${loads === 1 ? "load" : "loads"} will publish without the row.`]
      : []),
    ...(rows > 0
      ? [
          "The deletion goes to Fivetran with its next sync. If the destination keeps deleted rows (soft delete, history), delete it there too.",
        ]
      : []),
    "Quantemplate still holds the row if it is in its file: correct the file there. Until --lift, no load brings the row back here.",
  ];
  return {
    values: { dataset, rowsErased: rows, tables, refusedValues: values, openLoads: loads, wasErased },
    lines,
  };
}

/** The database's refusal as an error with its code. */
async function called<T>(subject: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const [, code, reason = ""] = /(QT4009|QT4037|QT4038|QT4039): ([^"\n]*)/.exec(messageOf(error)) ?? [];
    if (code === "QT4009") throw new QtError(code, { table: subject }, { cause: error });
    if (code === "QT4038") throw new QtError(code, { dataset: subject, reason }, { cause: error });
    if (code === "QT4037" || code === "QT4039")
      throw new QtError(code, { dataset: subject }, { cause: error });
    throw error;
  }
}

function titleOf(task: AdminTask): string {
  if (task.kind === "release") return `Release the name ${task.table}`;
  return `${task.kind === "erase" ? "Erase" : "Lift the erasure of"} a row of ${task.dataset}`;
}
