import { join } from "node:path";
import { bundle } from "../bundle";
import type { LocalContext } from "../local-service";
import type { Caller } from "./callers";

/**
 * Variables with which any program of Node runs as a caller: a runner in a subnet, or the process of a program's dynamic resources. Other
 * runtimes do not read them.
 * @throws EmulatorError QT6150
 */
export async function callerEnvironment(
  { callers, folder }: Pick<LocalContext, "callers" | "folder">,
  caller: Caller,
): Promise<Record<string, string>> {
  const file = await bundle(join(__dirname, "preloaded.ts"), join(folder, "connect-from.cjs"));
  return {
    EMULATOR_CONNECT_FROM: await callers.addressOf(caller),
    NODE_OPTIONS: `--require ${JSON.stringify(file)}`,
  };
}
