import fs from "node:fs";
import { findPowerShell } from "../../../../kit/find-power-shell";
import { EmulatorError } from "../../../errors/emulator-error";
import { powerShellExecutor } from "./power-shell";
import type { LocalPace, RunbookExecutor, RunbookTwin } from "./runbook-executor";

export interface LocalRunbookOptions {
  /** Runbooks that also run without PowerShell. */
  readonly twins: readonly RunbookTwin[];
  /** PowerShell to run runbooks with; `null`: never. */
  readonly powerShell: string | null;
  readonly pace: LocalPace;
  /** PowerShell is given plain HTTP: the gateway answers both, and .NET looks for CAs in another place on each system. */
  readonly powerShellPace: LocalPace;
}

/**
 * Runs runbooks with PowerShell if it is installed, else with a twin, and that only if the published content is equal to the script
 * that the twin follows.
 * @throws EmulatorError QT2001 where neither can run the content.
 */
export function localRunbooks(options: LocalRunbookOptions): RunbookExecutor {
  const { powerShell, twins } = options;
  const search = powerShell === null ? Promise.resolve(undefined) : findPowerShell(powerShell);
  const executor = powerShell === null ? undefined : powerShellExecutor(powerShell, options.powerShellPace);
  return {
    async run(execution) {
      const found = await search;
      if (executor !== undefined && found !== undefined && "version" in found) {
        execution.write("Output", `[local] PowerShell ${found.version} runs the published content.`);
        return executor.run(execution);
      }
      const twin = twins.find(({ script }) => fs.existsSync(script) && textOf(script) === execution.content);
      if (twin === undefined) throw new EmulatorError("QT2001", { runbook: execution.runbookName });
      const why =
        found !== undefined && "problem" in found
          ? `PowerShell is installed and cannot run (${found.problem})`
          : "PowerShell is not installed";
      execution.write("Output", `[local] ${why}: the TypeScript twin of ${twin.name} runs.`);
      return twin.run(execution, options.pace);
    },
  };
}

/** As the program publishes it: with LF line ends. */
function textOf(script: string): string {
  return fs.readFileSync(script, "utf8").replaceAll("\r\n", "\n");
}
