import { findPulumi, type PulumiInstallation } from "../find-pulumi";

/** Skips a test, or from a hook its suite, and prints the reason. */
export function skip(context: Mocha.Context, reason: string): never {
  console.log(`    skipped: ${reason}`);
  return context.skip();
}

/** The Pulumi CLI; without one the suite is skipped. */
export function needsPulumi(context: Mocha.Context): PulumiInstallation {
  return findPulumi() ?? skip(context, "no Pulumi CLI on PATH or in ~/.pulumi/versions");
}
