import { accessSync, constants, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";

/** A Pulumi CLI on this machine. */
export interface PulumiInstallation {
  readonly binary: string;
  /** The folder with `bin/pulumi`, as the Automation API requires it; undefined if the CLI is on PATH. */
  readonly root?: string;
}

/**
 * The version of the CLI that is built from its Go modules. It is older than the SDK on purpose: later versions of the module were not
 * available from every Go proxy, and this one runs the SDK's inline programs.
 */
export const buildVersion = "3.259.0";

/** The file name of the CLI. */
export const executable = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/** The file name of Pulumi's language host for Node. */
export const languageHost =
  process.platform === "win32" ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs";

const pathFolders = () => (process.env.PATH ?? "").split(delimiter);

/** The SDK's version in the Automation API's folder, then what is on PATH, then what was built. Starts no process. */
export function findPulumi(): PulumiInstallation | undefined {
  const onPath = pathFolders().map((folder) => ({ binary: join(folder, executable) }));
  const own = (version: string) => {
    const root = installationRoot(version);
    return { root, binary: join(root, "bin", executable) };
  };
  return [own(sdkVersion), ...onPath, own(buildVersion)].find(({ binary }) => isExecutable(binary));
}

/** True if the CLI has the SDK's version for certain: the Automation API installed it. */
export function isOfSdk({ root }: PulumiInstallation): boolean {
  return root === installationRoot(sdkVersion);
}

/**
 * True if the CLI has Pulumi's language host for Node, on PATH or beside itself, where it looks. An installed CLI has it; one that is built
 * from Go modules has not: it runs inline programs, and stacks that exist, but no `preview` or `up` of a project folder.
 */
export function hasLanguageHost({ binary }: PulumiInstallation): boolean {
  const folders = [...pathFolders(), dirname(realpathSync(binary))];
  return folders.some((folder) => isExecutable(join(folder, languageHost)));
}

/** The command for a shell: the name if the CLI is on PATH, otherwise its path. */
export function pulumiCommand({ binary, root }: PulumiInstallation): string {
  if (root === undefined) return "pulumi";
  return /[^\w./:\\-]/.test(binary) ? `"${binary}"` : binary;
}

/** The Automation API's folder for a version of the CLI (`PulumiCommand.install`). */
export function installationRoot(version: string): string {
  return join(homedir(), ".pulumi", "versions", version);
}

/** True if the file exists and this user may run it. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
