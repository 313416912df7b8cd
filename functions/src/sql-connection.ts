import sql from "mssql";
import { QtError } from "../../errors/qt-error";
import type { TokenCredential } from "./identity-token";
import type { Settings } from "./settings";

/** Idle connections close after this time, so that a serverless database can pause. */
const IDLE_MS = 10_000;
/** The limit for one login. A redirect begins another. */
const CONNECT_MS = 15_000;

/** The driver's configuration: a token of the managed identity, and TLS with a verified certificate. */
export function poolConfig(settings: Settings, credential: TokenCredential): sql.config {
  return {
    server: settings.server,
    port: settings.port,
    database: settings.database,
    authentication: { type: "token-credential", options: { credential } },
    options: {
      encrypt: true,
      trustServerCertificate: false,
      appName: "quantemplate-fivetran",
      // The function repeats logins itself, and knows how much time is left.
      maxRetriesOnTransientErrors: 0,
    },
    pool: { min: 0, max: 4, idleTimeoutMillis: IDLE_MS },
    connectionTimeout: CONNECT_MS,
    // The page's own time limit ends a request.
    requestTimeout: 0,
    // The request that uses a broken connection notices it, and is repeated.
    validateConnection: false,
  } as sql.config;
}

/** One pool for the life of the process, created on first use and again after a failure. */
export class SqlConnection {
  #pool: Promise<sql.ConnectionPool> | undefined;

  constructor(private readonly config: sql.config) {}

  /**
   * @param signal ends the waiting; the login itself continues, and the next call waits for it
   * @throws QtError QT5014 if the signal fires first
   */
  async pool(signal: AbortSignal): Promise<sql.ConnectionPool> {
    this.#pool ??= this.#connect();
    const pool = await unlessAborted(this.#pool, signal);
    if (pool.connected) return pool;
    this.#pool = undefined;
    return this.pool(signal);
  }

  async #connect(): Promise<sql.ConnectionPool> {
    try {
      const pool = new sql.ConnectionPool(this.config);
      // Without a listener, a broken idle connection would end the process. The next request opens a new one.
      pool.on("error", () => {});
      return await pool.connect();
    } catch (error) {
      this.#pool = undefined;
      throw error;
    }
  }
}

/** The work's result, or QT5014 as soon as the signal fires. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const abort = () =>
      reject(new QtError("QT5014", { seconds: Math.round((performance.now() - started) / 1000) }));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
