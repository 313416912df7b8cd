import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { downloadPulumi } from "../../kit/download-pulumi";
import { buildVersion, findPulumi, installationRoot, type PulumiInstallation } from "../../kit/find-pulumi";
import { buildPulumi, findGo } from "./pulumi-build";

export interface EnsureOptions {
  /** Build the CLI from its Go modules if nothing else works; takes minutes, once. */
  readonly build: boolean;
  /** Receives one line for each slow step. */
  onProgress?(line: string): void;
}

/** The first CLI that streams its events and accepts inline programs for every operation. */
const minimumVersion = "3.206.0";

/**
 * Finds the installed CLI, else downloads it, else builds it.
 * @returns undefined if none is available.
 * @throws EmulatorError QT7014 if a build was started and failed.
 */
export async function ensurePulumi(options: EnsureOptions): Promise<PulumiInstallation | undefined> {
  const found = findPulumi() ?? (await downloadPulumi(options.onProgress));
  if (found) return found;
  if (!options.build || findGo() === undefined) return undefined;
  await buildPulumi(installationRoot(buildVersion), options.onProgress ?? (() => {}));
  return findPulumi();
}

/** The CLI for the Automation API, or the reason why it cannot be used, worded as part of a sentence. */
export async function openPulumi({ root, binary }: PulumiInstallation): Promise<PulumiCommand | string> {
  try {
    const command = await PulumiCommand.get(root ? { root } : {});
    const isOld = command.version !== null && command.version.compare(minimumVersion) < 0;
    return isOld ? `the Pulumi CLI ${binary} is older than ${minimumVersion}` : command;
  } catch {
    return `the Pulumi CLI ${binary} does not run, or does not fit the SDK ${sdkVersion}`;
  }
}
