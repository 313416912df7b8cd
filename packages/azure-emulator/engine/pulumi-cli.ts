import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { downloadPulumi } from "../../kit/download-pulumi";
import { buildVersion, findPulumi, installationRoot, type PulumiInstallation } from "../../kit/find-pulumi";
import { buildPulumi, findGo } from "./pulumi-build";

export interface EnsureOptions {
  /** Build the CLI from its Go modules where it cannot be had otherwise: minutes, once. */
  readonly build: boolean;
  /** Told what takes its time, one line each. */
  onProgress?(line: string): void;
}

/** The first CLI that sends its events over a connection and takes inline programs for every operation. */
const leastVersion = "3.206.0";

/**
 * A CLI, by the shortest way that works: the one that is there, a download, a build.
 * @returns undefined where there is none and none can be had.
 * @throws EmulatorError QT7014 where a build was begun and failed.
 */
export async function ensurePulumi(options: EnsureOptions): Promise<PulumiInstallation | undefined> {
  const found = findPulumi() ?? (await downloadPulumi(options.onProgress));
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
