import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { buildPulumi, buildVersion, findGo, isExecutable } from "./pulumi-build";

/** A Pulumi CLI on this machine. */
export interface PulumiInstallation {
  readonly binary: string;
  /** Folder that holds `bin/pulumi`, as the Automation API wants it; none where the CLI is on PATH. */
  readonly root?: string;
}

export interface EnsureOptions {
  /** Build the CLI from its Go modules where it cannot be had otherwise: minutes, once. */
  readonly build: boolean;
  /** Told what takes its time, one line each. */
  onProgress?(line: string): void;
}

const executable = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/** The first CLI that sends its events over a connection and takes inline programs for every operation. */
const leastVersion = "3.206.0";

/** How long the download server may take to answer before this machine counts as offline, in milliseconds. */
const patience = 4000;

/** Looks on PATH, then where the Automation API keeps its own. Starts no process. */
export function findPulumi(): PulumiInstallation | undefined {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => ({ binary: join(folder, executable) }));
  const own = [sdkVersion, buildVersion]
    .map(installationRoot)
    .map((root) => ({ root, binary: join(root, "bin", executable) }));
  return [...onPath, ...own].find(({ binary }) => isExecutable(binary));
}

/**
 * A CLI, by the shortest way that works: the one that is there, a download, a build.
 * @returns undefined where there is none and none can be had.
 * @throws QtError QT7014 where a build was begun and failed.
 */
export async function ensurePulumi(options: EnsureOptions): Promise<PulumiInstallation | undefined> {
  const found = findPulumi() ?? (await download(options));
  if (found) return found;
  if (!options.build || findGo() === undefined) return undefined;
  await buildPulumi(installationRoot(buildVersion), options.onProgress ?? (() => {}));
  return findPulumi();
}

/** The CLI, ready for the Automation API; or why it cannot be used, as part of a sentence. */
export async function openPulumi({ root, binary }: PulumiInstallation): Promise<PulumiCommand | string> {
  try {
    const command = await PulumiCommand.get(root ? { root } : {});
    const isOld = command.version !== null && command.version.compare(leastVersion) < 0;
    return isOld ? `the Pulumi CLI ${binary} is older than ${leastVersion}` : command;
  } catch {
    return `the Pulumi CLI ${binary} does not run, or does not fit the SDK ${sdkVersion}`;
  }
}

/** The Automation API's place for a version of the CLI (`PulumiCommand.install`). */
export function installationRoot(version: string): string {
  return join(homedir(), ".pulumi", "versions", version);
}

/** The Automation API's own installer; a machine that cannot reach the server is told so within seconds. */
async function download({ onProgress }: EnsureOptions): Promise<PulumiInstallation | undefined> {
  if (!(await canReachServer())) return undefined;
  onProgress?.(`Downloading the Pulumi CLI ${sdkVersion}`);
  try {
    await PulumiCommand.install();
    return findPulumi();
  } catch {
    // The next way is tried; the caller says which one is used in the end.
    return undefined;
  }
}

async function canReachServer(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(patience);
    const answer = await fetch("https://get.pulumi.com/install.sh", { method: "HEAD", signal });
    return answer.ok;
  } catch {
    return false;
  }
}
