import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { QtError } from "../../errors/qt-error";
import { reasonOf } from "../../packages/kit/reason-of";
import { ArmCallError, type AzureSession } from "./azure-session";

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
 * The rule is always removed afterwards; what a killed process leaves, the next deployment removes ({@link closeLeftOpen}).
 * @throws QtError QT1208 if no rule could be written.
 */
export async function throughFirewall<T>(
  { serverId, server, database }: FirewallTarget,
  azure: AzureSession,
  run: (open: OpenFirewall) => Promise<T>,
): Promise<T> {
  const opened = new Set<string>();
  const open: OpenFirewall = async (address) => {
    // Also for a second request: Azure takes up to five minutes to apply a rule, but another process may have removed it.
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

/** For a server that is another's. @throws QtError QT1266 */
export function refuseToOpen({ server, database }: FirewallTarget): OpenFirewall {
  return async (address) => {
    throw new QtError("QT1266", { server, database, address });
  };
}

/** Names of the rules that a process left open, ours and those of processes that still run. @throws ArmCallError */
export async function openRules(serverId: string, azure: AzureSession): Promise<string[]> {
  const rules = await azure.arm<{ readonly value: readonly { readonly name: string }[] }>(
    "GET",
    `${serverId}/firewallRules`,
    { apiVersion: API_VERSION },
  );
  return rules.value.map(({ name }) => name).filter((name) => /^deployment-[0-9a-f]{8}$/.test(name));
}

/**
 * Removes the rules that processes left open. Whoever still needs one asks for it again when it connects the next time; open connections
 * stay.
 */
export async function closeLeftOpen(serverId: string, azure: AzureSession): Promise<void> {
  const left = await openRules(serverId, azure).catch((error: unknown) => {
    // Who may not see them may still be let in by the firewall as it is.
    if (error instanceof ArmCallError && error.status === 403) return [];
    throw error;
  });
  for (const name of left)
    await azure.arm("DELETE", `${serverId}/firewallRules/${name}`, { apiVersion: API_VERSION });
}

/** One rule for each process and address, so that two deployments at once do not delete each other's rules. */
function ruleId(serverId: string, address: string): string {
  const machine = createHash("sha256")
    .update(`${hostname()} ${process.pid} ${address}`)
    .digest("hex")
    .slice(0, 8);
  return `${serverId}/firewallRules/deployment-${machine}`;
}
