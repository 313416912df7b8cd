import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The version of the PowerShell at `command`, or in one line the reason that it cannot run; undefined if there is none. */
export async function findPowerShell(
  command: string,
): Promise<{ readonly version: string } | { readonly problem: string } | undefined> {
  try {
    const arguments_ = ["-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion.ToString()"];
    const { stdout } = await promisify(execFile)(command, arguments_, { timeout: 20_000 });
    const version = stdout.trim();
    return /^\d+\./.test(version)
      ? { version }
      : { problem: `it reports "${firstLine(version)}" as its version` };
  } catch (error) {
    const { code, killed, stderr, message } = error as Error & {
      code?: string | number;
      killed?: boolean;
      stderr?: string;
    };
    if (code === "ENOENT") return undefined;
    return { problem: killed ? "it gave no answer in 20 s" : firstLine(stderr || message) };
  }
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/)[0] ?? "";
}
