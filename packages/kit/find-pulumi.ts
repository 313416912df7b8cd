import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";

/** A Pulumi CLI on this machine. */
export interface PulumiInstallation {
  readonly binary: string;
  /** Folder that holds `bin/pulumi`, as the Automation API wants it; none where the CLI is on PATH. */
  readonly root?: string;
}

/**
 * The CLI that is built from its Go modules. Behind the SDK's version on purpose: later versions of the module were not to
 * be had from every Go proxy, and this one runs the SDK's inline programs.
 */
export const buildVersion = "3.259.0";

/** File name of the CLI. */
export const executable = process.platform === "win32" ? "pulumi.exe" : "pulumi";

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

/** How a person's shell calls it: by its name where PATH has it, otherwise by its path. */
export function pulumiCommand({ binary, root }: PulumiInstallation): string {
  if (root === undefined) return "pulumi";
  return /[^\w./:\\-]/.test(binary) ? `"${binary}"` : binary;
}

/** The Automation API's place for a version of the CLI (`PulumiCommand.install`). */
export function installationRoot(version: string): string {
  return join(homedir(), ".pulumi", "versions", version);
}

/** Whether there is a file that this user may run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
