import { spawnSync } from "node:child_process";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { findPulumi, isOfSdk, type PulumiInstallation } from "./find-pulumi";

/** The time for the download server to answer before this machine counts as offline, in milliseconds. */
const patience = 4000;

/**
 * Lets the Automation API install its own CLI; returns within seconds if the machine cannot reach the server.
 * @returns undefined if the CLI is not available.
 */
export async function downloadPulumi(
  onProgress: (line: string) => void = () => {},
): Promise<PulumiInstallation | undefined> {
  if (!(await canReachServer())) return undefined;
  onProgress(`Downloading the Pulumi CLI ${sdkVersion}`);
  try {
    // Loaded only when needed: loading takes most of a second.
    const { PulumiCommand } =
      require("@pulumi/pulumi/automation") as typeof import("@pulumi/pulumi/automation");
    await PulumiCommand.install();
    return findPulumi();
  } catch {
    // The caller tries the next way and reports the one that it used.
    return undefined;
  }
}

/**
 * The CLI with which a fleet is deployed. In CI it has the SDK's version if that can be downloaded, because what an image has on PATH differs
 * from runner to runner. Another one, such as one that was built, is accepted and named in one line.
 * @param isUnattended true in CI
 */
export async function deployingPulumi(
  isUnattended: boolean,
  onProgress: (line: string) => void,
): Promise<PulumiInstallation | undefined> {
  const found = findPulumi();
  if (found !== undefined && (isOfSdk(found) || !isUnattended)) return found;
  const downloaded = await downloadPulumi(onProgress);
  if (downloaded !== undefined || found === undefined) return downloaded;
  onProgress(`${versionText(found)} deploys: the SDK's ${sdkVersion} cannot be downloaded here`);
  return found;
}

function versionText({ binary }: PulumiInstallation): string {
  const { stdout, status } = spawnSync(binary, ["version"], { encoding: "utf8", timeout: 30_000 });
  return `The Pulumi CLI ${status === 0 ? stdout.trim() : binary}`;
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
