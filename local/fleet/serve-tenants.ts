import type { RunEvent } from "../../commands/fleet/run";
import { QtError } from "../../errors/qt-error";
import { onceEnded } from "../../packages/kit/once-ended";
import { startWithEngine, stopEmulator } from "../commands/bring-up";
import { startDetached, stopBackground } from "../commands/daemon";
import { removeEverything } from "../commands/server-choice";
import { restoreEnvironments } from "../deploy-stack";
import { deployedEnvironments } from "../environment";
import type { TenantsRequest } from "./each-tenant";
import { type EmulatorVerb, emulatorWork } from "./emulator-work";
import { sendToParent } from "./send-to-parent";

/** From the background process: the work is done and it keeps serving. */
interface Serving {
  readonly kind: "serving";
}

/** To the background process: begin no further tenant. */
const STOP = "stop";

/**
 * The background process: serves what was deployed before, does the work, and serves on until a signal. When the last
 * tenant is destroyed, it removes every trace of the emulator.
 */
export async function serveTenants(verb: EmulatorVerb, request: Omit<TenantsRequest, "stop">): Promise<void> {
  const { folder } = request;
  const stop = new AbortController();
  process.on("message", (message) => message === STOP && stop.abort());
  // The requester is gone: finish what has begun, and serve it.
  process.once("disconnect", () => stop.abort());
  const emulator = await startWithEngine({ folder, pulumi: "auto" });
  let isEmpty = false;
  try {
    await restoreEnvironments(emulator.azure, folder);
    await emulatorWork[verb](emulator, { ...request, stop: stop.signal });
    isEmpty = emulator.azure.context.resources.list().length === 0;
    if ((await deployedEnvironments(folder)).length > 0) {
      const serving: Serving = { kind: "serving" };
      sendToParent(serving);
      await emulator.signals.untilSignal();
    }
  } finally {
    await stopEmulator(emulator);
  }
  if (verb === "destroy" && isEmpty) await removeEverything(folder);
}

/**
 * Lets a background process do the work and then serve everything that is deployed. A running one is restarted, and
 * landed data stays. Returns when the work is done.
 * @throws QtError QT9009 if the process does not start, or ends early.
 */
export async function workInBackground(verb: EmulatorVerb, request: TenantsRequest): Promise<void> {
  const { root, folder, tenants, refresh, stop, onEvent } = request;
  await stopBackground(folder);
  const { child, log } = startDetached(folder, [
    ...[require.resolve("./host"), "serve", verb, "--root", root, "--tenant", tenants.join(",")],
    ...(refresh ? ["--refresh"] : []),
  ]);
  stop.addEventListener("abort", () => child.connected && child.send(STOP, () => {}));
  if (stop.aborted) child.send(STOP);
  await new Promise<void>((resolve, reject) => {
    const fail = (message: string) => reject(new QtError("QT9009", { message, folder, log }));
    child.once("error", (error) => fail(error.message));
    onceEnded(child, (code) => (code === 0 ? resolve() : fail(`it ended with code ${code}`)));
    child.on("message", (message: RunEvent | Serving) => {
      if (message.kind !== "serving") return onEvent(message);
      child.removeAllListeners();
      child.disconnect();
      child.unref();
      resolve();
    });
  });
}
