import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bringUp, stopRunning } from "../../local/commands/bring-up";
import { query } from "../../local/commands/stand-in-client";
import type { Environment } from "../../local/environment";
import type { BenchOptions, Figure } from "./bench";
import { configureBench, landFile, plainCopy, stepSeconds } from "./bench-load";

/** Rows of the dataset; the large one of the other benchmarks would take hours. */
const mostRows = 20_000;
/** Medians are of so many loads at the beginning and at the end. */
const window = 20;

/** Loads of the same dataset one after the other, 1 % of its rows changed each time: what the last ones cost against the first. */
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
    // The first publish builds the table; it is another thing.
    await land(0);
    const whole: number[] = [];
    const publish: number[] = [];
    const pages: number[] = [];
    const yardstick: number[] = [];
    let early = Number.NaN;
    for (let load = 1; load <= loads; load++) {
      const { seconds, steps } = await land(load);
      whole.push(seconds);
      publish.push(stepSeconds(steps, "qt.publish"));
      pages.push(await pageSeconds(environment));
      yardstick.push(await plainCopy(running, file, header.length));
      if (load === window) early = await megabytes(environment);
    }
    const late = await megabytes(environment);
    const [dead] = await query(
      environment,
      "select n_dead_tup, autovacuum_count from pg_stat_user_tables where relid = 'data.successive'::regclass",
    );
    // Other work on the machine slows the yardstick too.
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
      { name: `table and indexes after ${window} loads`, value: early, unit: "MB" },
      { name: "table and indexes after the last load", value: late, unit: "MB" },
      { name: "dead rows", value: Number(dead?.n_dead_tup), unit: "" },
      { name: "autovacuums of the table", value: Number(dead?.autovacuum_count), unit: "" },
      ...(await catalogue(environment)),
    ];
  } finally {
    await stopRunning(running, place);
  }
}

const header = ["id", "policy", "insured", "day", "amount", "notes"];

/** Rows of which every hundredth has another amount in each load. */
function snapshot(rows: number, load: number): string {
  const lines = Array.from({ length: rows }, (_, id) => {
    // The latest load that touched the row.
    const touched = Math.max(0, load - ((((load - id) % 100) + 100) % 100));
    const day = `2026-01-${String(1 + (id % 28)).padStart(2, "0")}`;
    return `${id},POL-${id},"Insured ${id}, Ltd",${day},${id}.${String(touched % 100).padStart(2, "0")},note ${touched}`;
  });
  return `${header.join(",")}\n${lines.join("\n")}\n`;
}

/** Seconds of the first page of a full sync, from the function. */
async function pageSeconds({ function: { url, key } }: Environment): Promise<number> {
  const started = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-functions-key": key },
    body: JSON.stringify({ agent: "bench", state: {}, sync_id: "bench", customPayload: { pageRows: 1000 } }),
  });
  const page = (await response.json()) as { errorMessage?: string };
  if (page.errorMessage !== undefined) throw new Error(page.errorMessage);
  return (performance.now() - started) / 1000;
}

async function megabytes(environment: Environment): Promise<number> {
  const [row] = await query(environment, "select pg_total_relation_size('data.successive') as bytes");
  return Number(row?.bytes) / 1e6;
}

/** What the catalogue has grown to: staging and temporary tables come and go with each load. */
async function catalogue(environment: Environment): Promise<Figure[]> {
  const [row] = await query(
    environment,
    "select sum(pg_total_relation_size(oid)) as bytes from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'",
  );
  return [{ name: "system catalogue", value: Number(row?.bytes) / 1e6, unit: "MB" }];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
