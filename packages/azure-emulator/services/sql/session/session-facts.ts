import type { SessionFacts } from "../language/system-functions";
import type { PostgresLogin } from "./postgres-login";

const firstProcessId = 51;
const lastProcessId = 32_767;
let lastUsedProcessId = firstProcessId - 1;

export function nextProcessId(): number {
  lastUsedProcessId = lastUsedProcessId === lastProcessId ? firstProcessId : lastUsedProcessId + 1;
  return lastUsedProcessId;
}

/** The administrator is `dbo`; an application's login is its client id and tenant, as Azure SQL shows it. */
export function sessionFacts(
  { server, database, principal, role, tenantId }: PostgresLogin,
  processId: number,
  transactions: number,
  lockTimeoutMs: number,
): SessionFacts {
  return {
    server: server.name,
    database,
    user: role === undefined ? "dbo" : role.slice(role.indexOf("/") + 1),
    login: `${principal.clientId}@${tenantId}`,
    processId,
    transactions,
    lockTimeoutMs,
  };
}
