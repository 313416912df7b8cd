import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { QtError } from "../../errors/qt-error";
import { reasonOf } from "../../packages/kit/reason-of";
import type { AzureSession } from "./azure-session";

/** The server whose firewall is opened, and the names that errors show. */
export interface FirewallTarget {
  readonly serverId: string;
  readonly server: string;
  readonly database: string;
}

/** Opens a SQL server's firewall for one address. */
export type OpenFirewall = (address: string) => Promise<boolean>;

const API_VERSION = "2023-08-01";

/**
 * Runs something that connects to Azure SQL and may ask to open the firewall for this machine's address (error 40615 names it).
 * The rule is always removed afterwards.
 * @throws QtError QT1208 if no rule could be written.
 */
export async function throughFirewall<T>(
  { serverId, server, database }: FirewallTarget,
  azure: AzureSession,
  run: (open: OpenFirewall) => Promise<T>,
): Promise<T> {
  const opened = new Set<string>();
  const open: OpenFirewall = async (address) => {
    // Azure takes up to five minutes to apply a rule: for a second request, the caller only has to wait.
    if (opened.has(address)) return true;
    const json = { properties: { startIpAddress: address, endIpAddress: address } };
    try {
      await azure.arm("PUT", ruleId(serverId, address), { apiVersion: API_VERSION, json });
    } catch (error) {
      throw new QtError("QT1208", { server, database, reason: reasonOf(error) }, { cause: error });
    }
    opened.add(address);
    return true;
  };
  const [outcome] = await Promise.allSettled([run(open)]);
  // Each on its own, so that a failed delete leaves no other rule open and does not hide why the work failed.
  const shut = await Promise.allSettled(
    [...opened].map((address) => azure.arm("DELETE", ruleId(serverId, address), { apiVersion: API_VERSION })),
  );
  if (outcome.status === "rejected") throw outcome.reason;
  for (const left of shut) if (left.status === "rejected") throw left.reason;
  return outcome.value;
}

/** One rule for each process and address, so that two deployments at once do not delete each other's rules. */
function ruleId(serverId: string, address: string): string {
  const machine = createHash("sha256")
    .update(`${hostname()} ${process.pid} ${address}`)
    .digest("hex")
    .slice(0, 8);
  return `${serverId}/firewallRules/deployment-${machine}`;
}
