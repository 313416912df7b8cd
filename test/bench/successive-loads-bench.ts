import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bringUp, stopEmulator } from "../../local/commands/bring-up";
import { query } from "../../local/commands/emulator-client";
import type { Environment } from "../../local/environment";
import { configureBench, landFile, pageSeconds, plainCopy, stepSeconds } from "./bench-load";
import { type BenchOptions, type Figure, median } from "./benchmark";

/** Rows of the dataset; with those of the other benchmarks this would take hours. */
const mostRows = 20_000;
/** Medians are taken over this many loads at the beginning and at the end. */
const window = 20;

/** Loads the same dataset again and again, with 1 % of its rows changed each time: compares the last loads with the first. */
export async function benchSuccessiveLoads({ folder, rows, loads }: BenchOptions): Promise<Figure[]> {
  const size = Math.min(rows, mostRows);
  const place = { folder: join(folder, "local"), stack: "dev", pulumi: "auto" as const };
  const running = await bringUp(place);
  try {
    const { environment } = running.deployment;
    const types = { id: "bigint", day: "date", amount: "decimal(18,2)" };
    await configureBench(environment, { table: "successive", keyColumns: ["id"], types });
    const file = join(folder, "snapshot.csv");
    const land = async (load: number) => {
      await writeFile(file, snapshot(size, load));
      return landFile(environment, file);
    };
    // The first publish builds the table, so it is not comparable.
    await land(0);
    const whole: number[] = [];
    const publish: number[] = [];
    const pages: number[] = [];
    const yardstick: number[] = [];
    let early: Figure[] = [];
    for (let load = 1; load <= loads; load++) {
      const { seconds, steps } = await land(load);
      whole.push(seconds);
      publish.push(stepSeconds(steps, "qt.publish"));
      pages.push(await pageSeconds(environment));
      yardstick.push(await plainCopy(running, file, header.length));
      if (load === Math.min(window, loads)) early = await sizes(environment, `after ${load} loads`);
    }
    const late = await sizes(environment, "after the last load");
    // Other work on the machine slows down the plain COPY as well.
    const drift = median(yardstick.slice(-window)) / median(yardstick.slice(0, window));
    const compare = (name: string, seconds: readonly number[]): Figure[] => {
      const [first, last] = [median(seconds.slice(0, window)), median(seconds.slice(-window))];
      return [
        { name: `${name}, median of the first ${window} loads`, value: first, unit: "s" },
        { name: `${name}, median of the last ${window} loads`, value: last, unit: "s" },
        {
          name: `${name}, last / first, as multiples of a plain COPY`,
          value: last / first / drift,
          unit: "x",
          aim: "1 x",
        },
      ];
    };
    return [
      { name: `loads of ${size.toLocaleString("en-GB")} rows`, value: loads, unit: "" },
      { name: "plain COPY of a snapshot, last / first", value: drift, unit: "x" },
      ...compare("event to published", whole),
      ...compare("qt.publish", publish),
      ...compare("page of 1,000 rows of the feed", pages),
      ...early,
      ...late,
    ];
  } finally {
    await stopEmulator(running);
  }
}

const header = ["id", "policy", "insured", "day", "amount", "notes"];

/** Rows of which every hundredth gets a new amount in each load. */
function snapshot(rows: number, load: number): string {
  const lines = Array.from({ length: rows }, (_, id) => {
    // The latest load that changed the row.
    const touched = Math.max(0, load - ((((load - id) % 100) + 100) % 100));
    const day = `2026-01-${String(1 + (id % 28)).padStart(2, "0")}`;
    return `${id},POL-${id},"Insured ${id}, Ltd",${day},${id}.${String(touched % 100).padStart(2, "0")},note ${touched}`;
  });
  return `${header.join(",")}\n${lines.join("\n")}\n`;
}

/** Figures that do not depend on the machine: sizes of what is read. Staging and temporary tables leave traces in the catalogue. */
async function sizes(environment: Environment, when: string): Promise<Figure[]> {
  const [row] = await query(
    environment,
    `select pg_table_size('data.successive') as heap, pg_indexes_size('data.successive') as indexes,
       (select n_dead_tup from pg_stat_user_tables where relid = 'data.successive'::regclass) as dead,
       (select sum(pg_total_relation_size(oid)) from pg_class
         where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r') as catalogue`,
  );
  const plan = await query(
    environment,
    `explain (analyze, buffers, timing off, summary off, format json) select * from data.successive
      where (_version, _row_id) > (0, 0) order by _version, _row_id limit 1000`,
  );
  const megabytes = (name: string) => Number(row?.[name]) / 1e6;
  return [
    { name: `table ${when}`, value: megabytes("heap"), unit: "MB" },
    { name: `its indexes ${when}`, value: megabytes("indexes"), unit: "MB" },
    { name: `its dead rows ${when}`, value: Number(row?.dead), unit: "" },
    { name: `blocks of the feed's first page ${when}`, value: blocksOf(plan[0]?.["QUERY PLAN"]), unit: "" },
    { name: `system catalogue ${when}`, value: megabytes("catalogue"), unit: "MB" },
  ];
}

function blocksOf(plan: unknown): number {
  const [{ Plan: root }] = plan as [{ Plan: Record<string, number> }];
  return (root["Shared Hit Blocks"] ?? 0) + (root["Shared Read Blocks"] ?? 0);
}
