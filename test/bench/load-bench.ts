import { createReadStream } from "node:fs";
import { join } from "node:path";
import { bringUp, type Running, stopEmulator } from "../../local/commands/bring-up";
import { bordereau } from "../../local/sample-data/columns";
import { CsvSource } from "../../packages/azure-emulator/services/sql/copy/csv-source";
import { benchColumns, writeBenchCsv } from "./bench-csv";
import { type BenchTable, configureBench, landFile, plainCopy, stepSeconds } from "./bench-load";
import type { BenchOptions, Figure } from "./benchmark";
import { peakMegabytes } from "./process-usage";
import { type PublishTimes, timePublish, trackPublish } from "./publish-times";

/** The load of two snapshots through the whole chain, with and without declared types, compared with a plain COPY of each file. */
export async function benchLoad(options: BenchOptions): Promise<Figure[]> {
  const place = { folder: join(options.folder, "local"), stack: "dev", pulumi: "auto" as const };
  const { files, keyColumns, types } = await source(options);
  const running = await bringUp(place);
  try {
    await trackPublish(running.deployment.environment);
    return [
      ...(await loadBoth(running, files, { table: "bench_typed", keyColumns, types })),
      ...(await loadBoth(running, files, { table: "bench_text", keyColumns, types: {} })),
      { name: "emulator without PostgreSQL, peak memory", value: peakMegabytes(), unit: "MB" },
    ];
  } finally {
    await stopEmulator(running);
  }
}

interface Source extends Pick<BenchTable, "keyColumns" | "types"> {
  readonly files: readonly string[];
}

/** The given files, or two snapshots of the sample. */
async function source({ files, key, types, folder, rows }: BenchOptions): Promise<Source> {
  if (files !== undefined) return { files, keyColumns: key, types };
  const made = [join(folder, "1.csv"), join(folder, "2.csv")];
  for (const [generation, file] of made.entries()) await writeBenchCsv(file, rows, generation);
  const columns = bordereau.columns.filter(({ header }) => benchColumns.some((name) => name === header));
  return {
    files: made,
    keyColumns: ["Policy Reference", "Line Number"],
    types: Object.fromEntries(columns.map(({ header, type }) => [header, type])),
  };
}

async function loadBoth(running: Running, files: readonly string[], table: BenchTable): Promise<Figure[]> {
  const { environment } = running.deployment;
  const figures: Figure[] = [];
  await configureBench(environment, table);
  for (const [index, file] of files.entries()) {
    const columns = (await new CsvSource(createReadStream(file)).header())?.columns.length ?? 0;
    const copySeconds = await plainCopy(running, file, columns);
    const { result, times } = await timePublish(environment, () => landFile(environment, file));
    const { inserted, updated, deleted } = result.load;
    const name = `${table.table}, snapshot ${index + 1}`;
    const seconds = (part: string, value: number): Figure => ({ name: `${name}, ${part}`, value, unit: "s" });
    const copying = stepSeconds(result.steps, "CopyDataset");
    const publishing = stepSeconds(result.steps, "qt.publish");
    figures.push(
      seconds("plain COPY of the file", copySeconds),
      seconds(
        `event to published (${inserted} inserted, ${updated} updated, ${deleted} deleted)`,
        result.seconds,
      ),
      { name: `${name}, event to published / plain COPY`, value: result.seconds / copySeconds, unit: "x" },
      seconds("  download and COPY", copying),
      ...parts(times).map(([part, value]) => seconds(`  publish: ${part}`, value)),
      seconds("  publish: commit", publishing - times.publish),
      seconds("  webhook, job and the other steps", result.seconds - copying - publishing),
    );
  }
  return figures;
}

/** The parts of a publish. First and later publishes have different parts; those that took no time are left out. */
function parts({ publish, build, index, compare, apply }: PublishTimes): [string, number][] {
  const named: [string, number][] = [
    ["convert and write", build],
    ["build indexes", index],
    [build > 0 ? "look the columns up and count" : "compare", compare],
    ["apply the changes", apply],
    ["the rest", publish - build - index - compare - apply],
  ];
  return named.filter(([, value]) => value > 0);
}
