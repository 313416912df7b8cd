import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { brotliDecompressSync } from "node:zlib";
import { unzipSync } from "fflate";
import { isFree } from "../../packages/azure-emulator/control-plane/ports";
import { chooseUser } from "../../packages/azure-emulator/services/sql/postgres/run-as";
import { projectRoot } from "./emulator";

/** What `scripts/record-earlier-state.ts` records beside the packed folder. */
export interface Recording {
  /** Commit of the checkout that ran. */
  readonly commit: string;
  /** ISO 8601: the time just before it ran. */
  readonly recordedAt: string;
  /** `linux-x64`: PostgreSQL's files differ between platforms. */
  readonly platform: string;
  /** Rows of the sample's first snapshot. */
  readonly rows: number;
  /** Ids of the pipeline runs, one for each landed snapshot. */
  readonly runs: readonly string[];
}

const fixture = join(projectRoot, "test", "fixtures", "earlier-state");

export const recording = JSON.parse(readFileSync(join(fixture, "recording.json"), "utf8")) as Recording;

/** Why this machine cannot use the recording; undefined if it can. */
export function cannotUnpack(): string | undefined {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== recording.platform)
    return `PostgreSQL's files were recorded on ${recording.platform}, this is ${platform}`;
  if (Date.now() < Date.parse(recording.recordedAt))
    return `the clock of this machine is before the recording (${recording.recordedAt})`;
  return undefined;
}

/** Writes the recorded `.local/` into an empty folder, as if it had been recorded within the last day. */
export async function unpackEarlierState(folder: string): Promise<void> {
  const packed = brotliDecompressSync(readFileSync(join(fixture, "local.zip.br")));
  const make = (path: string) => mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(unzipSync(packed))) {
    const path = join(folder, name);
    make(name.endsWith("/") ? path : dirname(path));
    if (name.endsWith("/")) continue;
    const isDated = /\.jsonl?$/.test(name);
    const text = isDated ? recently(Buffer.from(content).toString("utf8")) : content;
    writeFileSync(path, text, { mode: 0o600 });
  }
  await giveToPostgres(join(folder, "postgres", "data"));
}

/**
 * Shifts the times after the recording by whole days: jobs are listed for 30 days, and a webhook expires after a year.
 * Earlier times belong to the program (a trigger's start) and stay.
 */
function recently(text: string): string {
  const day = 86_400_000;
  const since = Date.parse(recording.recordedAt);
  const shift = Math.floor((Date.now() - since) / day) * day;
  return text.replace(
    /(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d(?:\.\d+)?Z)/g,
    (moment, date: string, time: string) =>
      Date.parse(moment) < since
        ? moment
        : `${new Date(Date.parse(date) + shift).toISOString().slice(0, 10)}${time}`,
  );
}

/** For root: PostgreSQL runs as another user, and accepts only a folder that this user owns. */
async function giveToPostgres(data: string): Promise<void> {
  const user = await chooseUser([data]);
  const inside = readdirSync(data, { recursive: true, withFileTypes: true });
  for (const path of [data, ...inside.map((entry) => join(entry.parentPath, entry.name))])
    await user.own(path);
}

/**
 * Waits until the recorded ports are free: deployed addresses contain them, and with other ports those would rightly
 * change. Another run of this suite holds them for half a minute, another program's emulator as long as it is up.
 * @returns a port that is still in use.
 */
export async function takenPort(folder: string, milliseconds: number): Promise<number | undefined> {
  const ports = Object.values(JSON.parse(portsOf(folder)) as Record<string, number>);
  const until = Date.now() + milliseconds;
  for (;;) {
    const free = await Promise.all(ports.map(isFree));
    const taken = ports.find((_, index) => !free[index]);
    if (taken === undefined || Date.now() > until) return taken;
    await delay(250);
  }
}

/**
 * Waits while the deployed daily trigger (adf-definitions/trigger/) is about to fire: at 02:00 UTC it would load every
 * dataset and disturb the suite's counts.
 */
export async function awayFromDailyTrigger(): Promise<void> {
  const day = 24 * 60;
  const wait = () => (2 * 60 - (Math.floor(Date.now() / 60_000) % day) + day) % day;
  while (wait() <= 5) await delay(1000);
}

/** The stored ports as text, which changes if a port was in use after all. */
export const portsOf = (folder: string) => readFileSync(join(folder, "ports.json"), "utf8");

/** A resource as the Pulumi engine stored it. */
interface StoredResource {
  readonly urn: string;
  readonly modified?: string;
}

/** URNs of the stack `dev` with the time of their last change. */
export function storedResources(folder: string): Map<string, string> {
  const file = join(folder, "pulumi-state", ".pulumi", "stacks", "quantemplate", "dev.json");
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: { latest: { resources: readonly StoredResource[] } };
  };
  // The default providers hold the stack's configuration, and change with each new setting of it.
  const deployed = checkpoint.latest.resources.filter(({ urn }) => !urn.includes("::pulumi:providers:"));
  return new Map(deployed.map(({ urn, modified = "" }) => [urn, modified]));
}
