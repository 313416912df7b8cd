import sql from "mssql";
import type { TokenCredential } from "./identity-token";
import type { Settings } from "./settings";

/** Idle connections close after this time, so that a serverless database can pause. */
const IDLE_MS = 10_000;
/** The limit for one login, including tedious' own attempts. */
const CONNECT_MS = 30_000;

/** The driver's configuration: a token of the managed identity, and TLS with a verified certificate. */
export function poolConfig(settings: Settings, credential: TokenCredential): sql.config {
  return {
    server: settings.server,
    port: settings.port,
    database: settings.database,
    authentication: { type: "token-credential", options: { credential } },
    options: { encrypt: true, trustServerCertificate: false, appName: "quantemplate-fivetran" },
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

  async pool(): Promise<sql.ConnectionPool> {
    this.#pool ??= this.#connect();
    const pool = await this.#pool;
    if (pool.connected) return pool;
    this.#pool = undefined;
    return this.pool();
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
