/** Whether and how long to retry after an error. */
export type Transience =
  /** The database is waking up or being moved: wait as long as the caller can. */
  | "waking"
  /** A broken connection, a deadlock, a busy server: worth a few attempts. */
  | "passing"
  | "lasting";

/** A database that is being resumed, moved or scaled (docs/sources.md, "Azure SQL"). */
const waking = new Set([40143, 40197, 40540, 40613, 49918, 49919, 49920]);
/** Deadlock, snapshot conflict, failover, sessions that it ends, throttling, and connections cut by the gateway. */
const passing = new Set([
  64, 121, 233, 596, 615, 926, 1205, 3960, 4060, 4221, 6005, 10053, 10054, 10060, 10928, 10929, 40501,
]);
/** Codes that `mssql`, tedious and Node use for failed or lost connections. */
const connectionCodes = new Set([
  "EAI_AGAIN",
  "ECONNCLOSED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EINSTLOOKUP",
  "ENOTFOUND",
  "ENOTOPEN",
  "ESOCKET",
  "ETIMEOUT",
]);
/** tedious drops the number of a failed login, so these are known by their text (sys.messages). */
const wakingLogin = /is not currently available/i;
const passingLogin =
  /service is currently busy|has encountered an error processing your request|Cannot open database/i;
/**
 * What a database says to a token, with no reason behind it, while it is maintained or scaled (docs/sources.md, "Azure SQL"); it says so
 * to an identity without a user too.
 */
const refusedToken = /^Login failed for user '<token-identified principal>'\.?\s*$/;
/** How SQL Server ends a session in the middle of a statement, without a number. */
const severed = /^A severe error occurred on the current command/;
/** How `mssql` reports that the pool gave no connection in time. */
const poolTimeout = /^Failed to acquire a connection from the pool/;
/** An untrusted certificate stays untrusted. */
const certificate = /certificate|self[- ]signed/i;

interface SqlErrorLike {
  readonly name?: unknown;
  readonly message: string;
  readonly number?: unknown;
  readonly code?: unknown;
  readonly isTransient?: unknown;
  readonly originalError?: unknown;
  readonly cause?: unknown;
}

/** What tedious says of a statement that took too long, also if the server did not confirm that it stopped it. */
const statementTimeout = /^Timeout: Request failed to complete|^Failed to cancel request/;

/** A statement ran into its time-out. It would do so again, unlike a connection that could not be made in time. */
export function isStatementTimeout(error: unknown): boolean {
  return errorChain(error).some(({ code, message }) => code === "ETIMEOUT" && statementTimeout.test(message));
}

/** A login that may only be refused for the moment. Few attempts: Azure holds off clients that are refused often. */
export function isRefusedToken(error: unknown): boolean {
  return errorChain(error).some(({ code, message }) => code === "ELOGIN" && refusedToken.test(message));
}

/** The driver's pool gave no connection in time; its error has no name of its own. */
export function isPoolTimeout(error: unknown): boolean {
  return errorChain(error).some(({ message }) => poolTimeout.test(message));
}

/** Classifies an error of `mssql`, including the errors that it wraps. */
export function transienceOf(error: unknown): Transience {
  if (isStatementTimeout(error)) return "lasting";
  const links = errorChain(error).map(judge);
  if (links.includes("waking")) return "waking";
  return links.includes("passing") ? "passing" : "lasting";
}

/** The driver, the server or the network failed: each says so with a code or a number. Anything else that is thrown is a defect, such as a Node that is too old. */
export function isConnectionFault(error: unknown): boolean {
  const links = errorChain(error);
  // One of the driver's own has no code: "The connection ended without ever completing the connection".
  return (
    links.at(-1)?.name === "ConnectionError" ||
    links.some(({ code, number }) => code !== undefined || number !== undefined)
  );
}

/** What one error of a chain says by itself; undefined if it does not promise that a retry helps. */
function judge({ number, code, message, isTransient }: SqlErrorLike): "waking" | "passing" | undefined {
  if (waking.has(Number(number)) || wakingLogin.test(message)) return "waking";
  if (certificate.test(message)) return undefined;
  const passes =
    passing.has(Number(number)) ||
    connectionCodes.has(String(code)) ||
    isTransient === true ||
    (code === "ELOGIN" && (passingLogin.test(message) || refusedToken.test(message))) ||
    severed.test(message) ||
    poolTimeout.test(message);
  return passes ? "passing" : undefined;
}

/** The error and the errors that it wraps, outermost first. */
export function errorChain(error: unknown): SqlErrorLike[] {
  const links: SqlErrorLike[] = [];
  for (let link: unknown = error; link instanceof Error && links.length < 8; ) {
    const next: SqlErrorLike = link;
    links.push(next);
    link = next.originalError ?? next.cause;
  }
  return links;
}
