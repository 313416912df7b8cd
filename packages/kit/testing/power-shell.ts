import { findPowerShell } from "../find-power-shell";
import { skip } from "./skip";

/** Skips a suite that needs `pwsh` if it is not available, and prints the reason. */
export async function needsPowerShell(suite: Mocha.Context): Promise<void> {
  const found = await findPowerShell("pwsh");
  if (found !== undefined && "version" in found) return;
  skip(suite, found === undefined ? "there is no pwsh" : `pwsh cannot run: ${found.problem}`);
}
