import { join } from "node:path";
import { changeTypes } from "../../database/change-types";
import type { Parameters, Row } from "../../database/migration-executor";
import { bringUp, stopEmulator } from "../../local/commands/bring-up";
import { query } from "../../local/commands/emulator-client";
import type { Environment } from "../../local/environment";
import { bordereau } from "../../local/sample-data/columns";
import { benchColumns, writeBenchCsv } from "./bench-csv";
import { configureBench, landFile, pageSeconds, plainCopy } from "./bench-load";
import type { BenchOptions, Figure } from "./benchmark";

const keyColumns = ["Policy Reference", "Line Number"];

/** A change of type of a table that was loaded as text, as a deployment makes it, while a reader asks for pages. */
export async function benchTypeChange({ folder, rows }: BenchOptions): Promise<Figure[]> {
  const file = join(folder, "snapshot.csv");
  await writeBenchCsv(file, rows, 0);
  const declared = bordereau.columns.filter(({ header }) => benchColumns.some((name) => name === header));
  const types = Object.fromEntries(
    declared
      .filter(({ header, type }) => type !== "text" && !keyColumns.includes(header))
      .map(({ header, type }) => [header, type]),
  );
  const running = await bringUp({ folder: join(folder, "local"), stack: "dev", pulumi: "auto" });
  try {
    const { environment } = running.deployment;
    await configureBench(environment, { table: "retyped", keyColumns, types: {} });
    await landFile(environment, file);
    const copySeconds = await plainCopy(running, file, benchColumns.length);
    const pageBefore = await pageSeconds(environment);
    await query(environment, "insert into qt.setting values ('rows_changed_at_once', '0')");
    await configureBench(environment, { table: "retyped", keyColumns, types });

    const calls = new Map<string, number[]>();
    const pages: number[] = [];
    let isChanging = true;
    const reader = (async () => {
      while (isChanging) pages.push(await pageSeconds(environment));
    })();
    const started = performance.now();
    await changeTypes(timedExecutor(environment, calls), {
      log: (line) => process.stderr.write(`${line}\n`),
    });
    const seconds = (performance.now() - started) / 1000;
    isChanging = false;
    await reader;

    const all = [...calls.values()].flat();
    const [sent] = await query(
      environment,
      "select count(*) as rows from data.retyped t where t._version = (select d.published_version from qt.dataset d where d.table_name = 'retyped') and t._version > 1",
    );
    const figure = (name: string, value: number, unit: string): Figure => ({ name, value, unit });
    return [
      figure(
        `change of ${Object.keys(types).length} columns of ${rows.toLocaleString("en-GB")} rows`,
        seconds,
        "s",
      ),
      figure("  as a multiple of a plain COPY of the file", seconds / copySeconds, "x"),
      figure("  rows that it sends again", Number(sent?.rows), ""),
      figure("  calls", all.length, ""),
      figure("  longest call", Math.max(...all), "s"),
      figure("  the call that switches", Math.max(...(calls.get("changed") ?? [])), "s"),
      figure("page of 1,000 rows before", pageBefore, "s"),
      figure(`page meanwhile, longest of ${pages.length}`, Math.max(...pages), "s"),
    ];
  } finally {
    await stopEmulator(running);
  }
}

/** Calls qt.change_types and keeps how long each call took, by the state that it returned. */
function timedExecutor(environment: Environment, calls: Map<string, number[]>) {
  return {
    async call(_: string, { rows }: Parameters): Promise<Row[]> {
      const started = performance.now();
      const result = await query(environment, "select * from qt.change_types($1::integer)", [rows]);
      const state = String(result[0]?.state);
      calls.set(state, [...(calls.get(state) ?? []), (performance.now() - started) / 1000]);
      return result;
    },
  };
}
