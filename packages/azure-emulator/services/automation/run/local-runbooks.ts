import fs from "node:fs";
import { findPowerShell } from "../../../../kit/find-power-shell";
import { EmulatorError } from "../../../errors/emulator-error";
import { powerShellExecutor } from "./power-shell";
import type { LocalPace, RunbookExecutor, RunbookTwin } from "./runbook-executor";

export interface LocalRunbookOptions {
  /** Runbooks that also run without PowerShell. */
  readonly twins: readonly RunbookTwin[];
  /** The PowerShell command that runs runbooks; `null` for none. */
  readonly powerShell: string | null;
  readonly pace: LocalPace;
  /** PowerShell gets plain HTTP addresses: .NET looks for CAs in a different place on each system, and the gateway answers HTTP too. */
  readonly powerShellPace: LocalPace;
}

/**
 * Runs runbooks with PowerShell if it is installed, otherwise with a twin; the twin runs only if the published content equals the script
 * that it follows.
 * @throws EmulatorError QT2001 if neither can run the content.
 */
export function localRunbooks(options: LocalRunbookOptions): RunbookExecutor {
  const { powerShell, twins } = options;
  const search = powerShell === null ? Promise.resolve(undefined) : findPowerShell(powerShell);
  const executor = powerShell === null ? undefined : powerShellExecutor(powerShell, options.powerShellPace);
  return {
    async run(execution, started) {
      const found = await search;
      if (executor !== undefined && found !== undefined && "version" in found) {
        execution.write("Output", `[local] PowerShell ${found.version} runs the published content.`);
        return executor.run(execution, started);
      }
      const twin = twins.find(({ script }) => fs.existsSync(script) && textOf(script) === execution.content);
      if (twin === undefined) throw new EmulatorError("QT2001", { runbook: execution.runbookName });
      const why =
        found !== undefined && "problem" in found
          ? `PowerShell is installed and cannot run (${found.problem})`
          : "PowerShell is not installed";
      execution.write("Output", `[local] ${why}: the TypeScript twin of ${twin.name} runs.`);
      started?.();
      return twin.run(execution, options.pace);
    },
  };
}

/** The script as the program publishes it: with LF line breaks. */
function textOf(script: string): string {
  return fs.readFileSync(script, "utf8").replaceAll("\r\n", "\n");
}
