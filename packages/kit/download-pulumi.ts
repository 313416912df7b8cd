import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { findPulumi, type PulumiInstallation } from "./find-pulumi";

/** How long the download server may take to answer before this machine counts as offline, in milliseconds. */
const patience = 4000;

/**
 * Has the Automation API install its own CLI; a machine that cannot reach the server is told so within seconds.
 * @returns undefined where it cannot be had.
 */
export async function downloadPulumi(
  onProgress: (line: string) => void = () => {},
): Promise<PulumiInstallation | undefined> {
  if (!(await canReachServer())) return undefined;
  onProgress(`Downloading the Pulumi CLI ${sdkVersion}`);
  try {
    // Loaded where it is needed: it takes most of a second.
    const { PulumiCommand } =
      require("@pulumi/pulumi/automation") as typeof import("@pulumi/pulumi/automation");
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
