import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { bringUp, type Running, stopEmulator } from "../../local/commands/bring-up";
import { sync } from "../../local/commands/emulator-client";
import { SQL_AUDIENCE } from "../../packages/azure-emulator/control-plane/identity";
import { writeBenchCsv } from "./bench-csv";
import { benchDataset, landFile } from "./bench-load";
import { type Figure, median } from "./benchmark";
import { cpuByPart, functionPeakMegabytes, type Part } from "./process-usage";
import type { BareRead, BareRequest } from "./read-bare";
import type { FeedRead, FeedRequest } from "./read-feed";

const COLUMNS = 12;
/** How often the full sync and the bare driver alternate. */
const PAIRS = 5;
const INCREMENTAL_SHARE = 0.01;
/** The two sizes for the comparison of memory, in cells. */
const SMALL_CELLS = 10_000_000;
const LARGE_CELLS = 100_000_000;
/** Rows of `npm run bench` by default; `--rows` scales both sizes. */
const DEFAULT_ROWS = 1_000_000;

interface BenchOptions {
  readonly folder: string;
  readonly rows: number;
}

/** Full and incremental sync of a large dataset through the function, compared with the bare driver on the same endpoint. */
export function benchFeed({ folder, rows }: BenchOptions): Promise<Figure[]> {
  return withEmulator(folder, async (running) => {
    await land(running, folder, rows, 0);
    const fulls: Measured<FeedRead>[] = [];
    const bares: Measured<BareRead>[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const full = await measured(() => readFeed(running, {}));
      fulls.push(full);
      bares.push(await measured(() => readBare(running, Math.ceil(rows / full.result.pages))));
    }
    const [full, bare] = [fulls[0], bares[0]] as [Measured<FeedRead>, Measured<BareRead>];
    const memory = functionPeakMegabytes();
    const second = await land(running, folder, rows, 1);
    const changed = second.changed + second.added + second.deleted;
    const some = Math.round(rows * INCREMENTAL_SHARE);
    const incrementals = [
      [some, await readFeed(running, full.result.state, some)],
      [changed, await readFeed(running, full.result.state)],
    ] as const;
    const destination = await sync(running.deployment.environment);
    const fullSeconds = median(fulls.map(timeOf));
    return [
      { name: "bare driver and JSON.stringify", value: rows / median(bares.map(timeOf)), unit: "rows/s" },
      { name: "full sync through the function", value: rows / fullSeconds, unit: "rows/s" },
      {
        name: `full sync / bare driver, time: median of ${PAIRS}`,
        value: fullSeconds / median(bares.map(timeOf)),
        unit: "x",
        aim: "< 1.15 x",
      },
      {
        name: `full sync / bare driver, CPU time of all processes: median of ${PAIRS}`,
        value: median(fulls.map(cpuOf)) / median(bares.map(cpuOf)),
        unit: "x",
      },
      { name: "full sync, bytes", value: full.result.bytes / 1e6, unit: "MB" },
      { name: "full sync, pages", value: full.result.pages, unit: "" },
      ...incrementals.map(([part, { seconds }]) => ({
        name: `incremental sync of ${((100 * part) / rows).toFixed(1)} % of the rows / full sync, time`,
        value: (100 * seconds) / fullSeconds,
        unit: "%",
        aim: `< ${((200 * part) / rows).toFixed(0)} %`,
      })),
      ...cpuFigures("full sync", full.cpu, full.result.cpuSeconds),
      ...cpuFigures("bare driver", bare.cpu, bare.result.cpuSeconds),
      { name: "function, peak memory after the full syncs", value: memory, unit: "MB" },
      {
        name: "full sync with the destination",
        value: rows / (destination.durationMs / 1000),
        unit: "rows/s",
      },
    ];
  });
}

/** Peak memory of a new function process after a full sync of 10 and of 100 million cells. */
export function benchFeedMemory({ folder, rows }: BenchOptions): Promise<Figure[]> {
  return withEmulator(folder, async (running) => {
    const peaks: number[] = [];
    const figures: Figure[] = [];
    for (const [generation, cells] of [SMALL_CELLS, LARGE_CELLS].entries()) {
      const size = Math.round((cells * (rows / DEFAULT_ROWS)) / COLUMNS);
      await land(running, folder, size, generation);
      await restartFunction(running);
      const rest = functionPeakMegabytes();
      const { seconds } = await readFeed(running, {});
      const peak = functionPeakMegabytes();
      peaks.push(peak);
      const name = `${((size * COLUMNS) / 1e6).toFixed(1)} million cells`;
      figures.push(
        { name: `function, memory at rest before ${name}`, value: rest, unit: "MB" },
        { name: `function, peak memory after ${name}`, value: peak, unit: "MB" },
        { name: `full sync of ${name}`, value: size / seconds, unit: "rows/s" },
      );
    }
    const [small = Number.NaN, large = Number.NaN] = peaks;
    const growth = 100 * (large / small - 1);
    return [...figures, { name: "function, peak memory, growth", value: growth, unit: "%", aim: "< 20 %" }];
  });
}

async function withEmulator<T>(folder: string, work: (running: Running) => Promise<T>): Promise<T> {
  const options = { folder: join(folder, "local"), stack: "dev", pulumi: "auto" as const };
  const running = await bringUp(options);
  try {
    return await work(running);
  } finally {
    await stopEmulator(running);
  }
}

/** Lands a generation of the dataset through the whole chain. */
async function land(running: Running, folder: string, rows: number, generation: number) {
  const file = join(folder, "snapshot.csv");
  const manifest = await writeBenchCsv(file, rows, generation);
  await landFile(running.deployment.environment, file);
  return manifest;
}

/** A read, and the CPU seconds that each part of the emulator spent on it. */
interface Measured<T> {
  readonly result: T;
  readonly cpu: ReadonlyMap<Part, number>;
}

type AnyRead = Measured<FeedRead | BareRead>;

async function measured<T>(run: () => Promise<T>): Promise<Measured<T>> {
  const before = cpuByPart();
  const result = await run();
  const cpu = new Map([...cpuByPart()].map(([part, seconds]) => [part, seconds - (before.get(part) ?? 0)]));
  return { result, cpu };
}

const timeOf = ({ result }: AnyRead) => result.seconds;
const cpuOf = ({ result, cpu }: AnyRead) => sum([...cpu.values(), result.cpuSeconds], (seconds) => seconds);

function sum<T>(list: readonly T[], value: (item: T) => number): number {
  return list.reduce((total, item) => total + value(item), 0);
}

function cpuFigures(what: string, cpu: ReadonlyMap<Part, number>, reader: number): Figure[] {
  return [...cpu, ["reader", reader] as const].map(([part, value]) => ({
    name: `${what}, CPU of ${part}`,
    value,
    unit: "s",
  }));
}

/**
 * Reads the feed from a separate process, as Fivetran reads it from a separate machine.
 * @param rows reads a single page of so many rows
 */
function readFeed({ deployment }: Running, state: unknown, rows?: number): Promise<FeedRead> {
  const request: FeedRequest = { ...deployment.environment.function, state, rows };
  return inOwnProcess<FeedRead>("read-feed.ts", request);
}

/** Reads the dataset with the bare driver, using the function's identity. */
function readBare({ azure, deployment }: Running, pageRows: number): Promise<BareRead> {
  const { SQL_SERVER, SQL_DATABASE, AZURE_CLIENT_ID } = settingsOfFunction(azure.context);
  const principal = azure.context.principals.byClientId(AZURE_CLIENT_ID ?? "");
  if (principal === undefined) throw new Error("the function has no identity");
  const request: BareRequest = {
    server: SQL_SERVER ?? "",
    database: SQL_DATABASE ?? "",
    token: azure.context.tokens.issue(principal, SQL_AUDIENCE).token,
    dataset: benchDataset,
    pageRows,
  };
  return inOwnProcess<BareRead>("read-bare.ts", request, {
    NODE_EXTRA_CA_CERTS: deployment.environment.arm.caFile,
  });
}

function settingsOfFunction({ resources }: Running["azure"]["context"]): Readonly<Record<string, string>> {
  const [settings] = resources.list({ type: "Microsoft.Web/sites/config" });
  return (settings?.properties ?? {}) as Record<string, string>;
}

async function inOwnProcess<T>(script: string, input: unknown, environment = {}): Promise<T> {
  const args = ["--require", "tsx/cjs", join(__dirname, script), JSON.stringify(input)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...environment },
  });
  return JSON.parse(stdout) as T;
}

/** Restarts the function's process; resolves once it serves. */
async function restartFunction({ azure, deployment }: Running): Promise<void> {
  const { arm } = deployment.environment;
  const [site] = azure.context.resources.list({ type: "Microsoft.Web/sites" });
  const answer = await fetch(`${arm.endpoint}${site?.id}/restart?api-version=2024-04-01`, {
    method: "POST",
    headers: { authorization: `Bearer ${arm.token}` },
  });
  if (!answer.ok) throw new Error(`restart: ${answer.status} ${await answer.text()}`);
}
