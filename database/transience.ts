/** How a failed attempt may be repeated. */
export type Transience =
  /** The database is waking up or being moved: worth waiting for as long as the caller can. */
  | "waking"
  /** A connection broke, a deadlock, a busy moment: worth a few attempts. */
  | "passing"
  | "lasting";

/** A database that is resumed, moved or scaled (docs/sources.md, "Azure SQL"). */
const waking = new Set([40143, 40197, 40540, 40613, 49918, 49919, 49920]);
/** Deadlock, snapshot conflict, failover, throttling, and connections cut by the gateway. */
const passing = new Set([
  64, 121, 233, 615, 926, 1205, 3960, 4060, 4221, 10053, 10054, 10060, 10928, 10929, 40501,
]);
/** Codes that `mssql`, tedious and Node give to connections that could not be made or were lost. */
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
/** One that is not trusted today will not be tomorrow. */
const certificate = /certificate|self[- ]signed/i;

interface SqlErrorLike {
  readonly message: string;
  readonly number?: unknown;
  readonly code?: unknown;
  readonly isTransient?: unknown;
  readonly originalError?: unknown;
  readonly cause?: unknown;
}

/** Judges an error of `mssql`, by all that it wraps. */
export function transienceOf(error: unknown): Transience {
  const links = errorChain(error).map(judge);
  return links.find((link) => link === "waking") ?? links.find((link) => link === "passing") ?? "lasting";
}

function judge({ number, code, message, isTransient }: SqlErrorLike): Transience {
  if (waking.has(Number(number)) || wakingLogin.test(message)) return "waking";
  if (certificate.test(message)) return "lasting";
  const passes =
    passing.has(Number(number)) ||
    connectionCodes.has(String(code)) ||
    isTransient === true ||
    (code === "ELOGIN" && passingLogin.test(message));
  return passes ? "passing" : "lasting";
}

/** The error and what it wraps, outermost first. */
export function errorChain(error: unknown): SqlErrorLike[] {
  const links: SqlErrorLike[] = [];
  for (let link: unknown = error; link instanceof Error && links.length < 8; ) {
    const next: SqlErrorLike = link;
    links.push(next);
    link = next.originalError ?? next.cause;
  }
  return links;
}
