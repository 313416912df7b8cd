import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { findPulumi, type PulumiInstallation } from "./find-pulumi";

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

async function canReachServer(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(patience);
    const answer = await fetch("https://get.pulumi.com/install.sh", { method: "HEAD", signal });
    return answer.ok;
  } catch {
    return false;
  }
}
