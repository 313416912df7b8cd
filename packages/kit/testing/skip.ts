import { findPulumi, hasLanguageHost, type PulumiInstallation } from "../find-pulumi";

/** Skips a test, or from a hook its suite, and prints the reason. */
export function skip(context: Mocha.Context, reason: string): never {
  console.log(`    skipped: ${reason}`);
  return context.skip();
}

/** The Pulumi CLI; without one the suite is skipped. */
export function needsPulumi(context: Mocha.Context): PulumiInstallation {
  return findPulumi() ?? skip(context, "no Pulumi CLI on PATH or in ~/.pulumi/versions");
}

/** The Pulumi CLI with its language host for Node, as an installed one has it; without it the suite is skipped. */
export function needsLanguageHost(context: Mocha.Context): PulumiInstallation {
  const cli = needsPulumi(context);
  return hasLanguageHost(cli)
    ? cli
    : skip(context, "no pulumi-language-nodejs on PATH or beside the Pulumi CLI");
}
