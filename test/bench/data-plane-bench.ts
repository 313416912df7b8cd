import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import { bringUp, type Running, stopRunning } from "../../local/commands/bring-up";
import { followDelivery } from "../../local/commands/demo";
import { putDataset, sync } from "../../local/commands/stand-in-client";
import type { Environment } from "../../local/environment";
import type { Figure } from "./bench";
import { benchColumns, writeBenchCsv } from "./bench-csv";

const dataset = "d-bordereau-premium";

/** Load and publish of a large dataset, beside a plain COPY of the same file, and a sync into the destination. */
export async function benchDataPlane({ folder, rows }: { folder: string; rows: number }): Promise<Figure[]> {
  const files = [join(folder, "1.csv"), join(folder, "2.csv")] as const;
  const first = await writeBenchCsv(files[0], rows, 0);
  const second = await writeBenchCsv(files[1], rows, 1);
  const options = { folder: join(folder, "local"), stack: "dev", pulumi: "auto" as const };
  const running = await bringUp(options);
  try {
    const { environment } = running.deployment;
    const copySeconds = await plainCopy(running, files[0]);
    const firstSeconds = await land(environment, files[0]);
    const secondSeconds = await land(environment, files[1]);
    const destination = await sync(environment);
    return [
      {
        name: `CSV of ${rows.toLocaleString("en-GB")} rows x 12 columns`,
        value: first.bytes / 1e6,
        unit: "MB",
      },
      { name: "plain COPY of the file into the same PostgreSQL", value: copySeconds, unit: "s" },
      { name: "first snapshot, event to published", value: firstSeconds, unit: "s" },
      { name: "first snapshot / plain COPY", value: firstSeconds / copySeconds, unit: "x" },
      {
        name: `second snapshot (${second.changed} changed, ${second.deleted} deleted, ${second.added} added)`,
        value: secondSeconds,
        unit: "s",
      },
      { name: "second snapshot / plain COPY", value: secondSeconds / copySeconds, unit: "x" },
      {
        name: "full sync with the destination",
        value: rows / (destination.durationMs / 1000),
        unit: "rows/s",
      },
    ];
  } finally {
    await stopRunning(running, options);
  }
}

/** Seconds of a COPY into a table of text columns, as fast as this PostgreSQL takes the file. */
async function plainCopy({ azure }: Running, file: string): Promise<number> {
  const pool = await azure.sql.pool("bench");
  const client = await pool.connect();
  try {
    const columns = benchColumns.map((_, index) => `c${index} text`).join(", ");
    await client.query(`create table copied (${columns})`);
    const started = performance.now();
    await pipeline(
      createReadStream(file),
      client.query(copyFrom("copy copied from stdin (format csv, header true)")),
    );
    return (performance.now() - started) / 1000;
  } finally {
    await client.query("drop table if exists copied");
    client.release();
  }
}

/** Seconds from the event to the end of the job. */
async function land(environment: Environment, file: string): Promise<number> {
  const delivery = await putDataset(environment, dataset, createReadStream(file));
  return (await followDelivery(environment, dataset, delivery)).durationMs / 1000;
}
