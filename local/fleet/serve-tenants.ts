import { QtError } from "../../errors/qt-error";
import type { RunEvent } from "../../fleet/run";
import { startStandIn, stopStandIn } from "../commands/bring-up";
import { startDetached, stopBackground } from "../commands/daemon";
import { removeEnvironment } from "../environment";
import { deployTenants, servedTenants, type TenantsRequest } from "./stand-in-tenants";

/** From the process in the background, when every tenant was deployed or failed. */
interface Serving {
  readonly kind: "serving";
}

/** The process in the background: deploys the tenants, then serves them until a signal. */
export async function serveTenants(request: TenantsRequest): Promise<void> {
  const { folder, tenants } = request;
  const standIn = await startStandIn({ folder, pulumi: "auto" });
  try {
    await deployTenants(standIn, request);
    const serving: Serving = { kind: "serving" };
    process.send?.(serving);
    await standIn.signals.untilSignal();
  } finally {
    for (const tenant of tenants) await removeEnvironment(folder, tenant);
    await stopStandIn(standIn);
  }
}

/**
 * Deploys the tenants into the stand-in, which then serves them, and those that it served before, in the background. A running
 * one is started anew; what was landed stays.
 * @throws QtError QT9009 where it does not start.
 */
export async function upTenants(request: TenantsRequest): Promise<void> {
  const { folder, tenants } = request;
  const served = await servedTenants(folder);
  await stopBackground(folder);
  await startServing({ ...request, tenants: [...new Set([...served, ...tenants])].sort() }, new Set(tenants));
}

/** @param told tenants of which the caller knows; of the others only a failure is told. */
export async function startServing(request: TenantsRequest, told: ReadonlySet<string>): Promise<void> {
  const { root, folder, tenants, onEvent } = request;
  const { child, log } = startDetached(folder, [
    ...[require.resolve("./host"), "serve", "--root", root, "--tenant", tenants.join(",")],
  ]);
  const stop = () => void child.kill("SIGTERM");
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, stop);
  await new Promise<void>((resolve, reject) => {
    const fail = (message: string) => reject(new QtError("QT9009", { message, folder, log }));
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => (request.isStopped() ? resolve() : fail(`it ended with code ${code}`)));
    child.on("message", (message: RunEvent | Serving) => {
      if (message.kind === "serving") {
        child.removeAllListeners();
        child.disconnect();
        child.unref();
        resolve();
      } else if (message.kind === "ended" && !told.has(message.outcome.tenant)) {
        const { tenant, status, changes } = message.outcome;
        if (status === "failed") onEvent({ kind: "note", text: `${tenant}: ${changes.problems.join("\n")}` });
      } else if (message.kind !== "started" || told.has(message.tenant)) onEvent(message);
    });
  });
}

/** Does the work with the stand-in in this process; who was served before and `isKept` is served again afterwards. */
export async function besideServing(
  request: TenantsRequest,
  isKept: (tenant: string) => boolean,
  work: (standIn: Awaited<ReturnType<typeof startStandIn>>) => Promise<void>,
): Promise<void> {
  const served = await servedTenants(request.folder);
  await stopBackground(request.folder);
  const standIn = await startStandIn({ folder: request.folder, pulumi: "auto" });
  try {
    await work(standIn);
  } finally {
    await stopStandIn(standIn);
  }
  const again = served.filter(isKept);
  if (again.length > 0) await startServing({ ...request, tenants: again }, new Set());
}
