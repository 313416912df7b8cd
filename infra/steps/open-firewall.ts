import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { QtError } from "../../errors/qt-error";
import type { AzureSession } from "./azure-session";
import { reasonOf } from "./cloud";
import { retry } from "./retry";

/** The server whose firewall is asked, and how people know it. */
export interface FirewallTarget {
  readonly serverId: string;
  readonly server: string;
  readonly database: string;
}

const API_VERSION = "2023-08-01";
/** Azure says that a rule may take five minutes to work. */
const ATTEMPTS = 30;
const PAUSE_MS = 10_000;

/**
 * Runs something that connects to Azure SQL. Where the firewall refuses this machine's address (error 40615), opens that one
 * address and closes it again, whatever happens in between.
 * @throws QtError QT1208 where no rule could be written.
 */
export async function throughFirewall<T>(
  target: FirewallTarget,
  azure: AzureSession,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const address = refusedAddress(error);
    if (address === undefined) throw error;
    return await withRule(target, address, azure, () =>
      retry(run, {
        attempts: ATTEMPTS,
        pauseMs: PAUSE_MS,
        pause: azure.pause,
        when: (again) => refusedAddress(again) !== undefined,
      }),
    );
  }
}

async function withRule<T>(
  target: FirewallTarget,
  address: string,
  azure: AzureSession,
  run: () => Promise<T>,
) {
  const machine = createHash("sha256").update(`${hostname()} ${process.pid}`).digest("hex").slice(0, 8);
  const id = `${target.serverId}/firewallRules/deployment-${machine}`;
  const json = { properties: { startIpAddress: address, endIpAddress: address } };
  try {
    await azure.arm("PUT", id, { apiVersion: API_VERSION, json });
  } catch (error) {
    const { server, database } = target;
    throw new QtError("QT1208", { server, database, reason: reasonOf(error) }, { cause: error });
  }
  try {
    return await run();
  } finally {
    await azure.arm("DELETE", id, { apiVersion: API_VERSION });
  }
}

/** The address that the server names when its firewall refuses it: SQL error 40615, whoever wrapped it. */
export function refusedAddress(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause ?? originalOf(at)) {
    const [, address] = /Client with IP address '([0-9.]+)' is not allowed/.exec(at.message) ?? [];
    if (address !== undefined) return address;
  }
  return undefined;
}

/** mssql keeps the driver's error under a name of its own. */
function originalOf(error: Error): unknown {
  return "originalError" in error ? error.originalError : undefined;
}
