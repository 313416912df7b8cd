import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { ClusterAddress } from "./cluster";
import { copyRoles } from "./copy-roles";
import { GatedPool } from "./gated-pool";
import { catalogTypes } from "./value-types";

const POLL_MS = 10;

/** The databases of the cluster and a pool of connections to each. */
export class Databases {
  readonly #pools = new Map<string, GatedPool>();

  constructor(readonly address: ClusterAddress) {}

  /** Connections of the superuser; return each one in the state in which you got it. Not for long-lived listeners. */
  pool(database: string): pg.Pool {
    return this.#gatedPool(database);
  }

  #gatedPool(database: string): GatedPool {
    const kept = this.#pools.get(database);
    if (kept !== undefined) return kept;
    const pool = new GatedPool({
      ...this.address,
      database,
      max: 200,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
      types: catalogTypes,
    });
    // A server that stops ends idle connections; the next caller gets a new one or the error.
    pool.on("error", () => {});
    this.#pools.set(database, pool);
    return pool;
  }

  async exists(database: string): Promise<boolean> {
    const { rowCount } = await this.pool("postgres").query("select from pg_database where datname = $1", [
      database,
    ]);
    return rowCount === 1;
  }

  /** Creates the database if it is missing. */
  async ensure(database: string): Promise<void> {
    if (await this.exists(database)) return;
    try {
      await this.pool("postgres").query(
        `create database ${pg.escapeIdentifier(database)} template template0`,
      );
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  /**
   * Makes a database as a copy of another one, with its roles. PostgreSQL copies a database only if nobody is connected to it: new
   * connections to the source wait, open transactions end first, and idle connections are closed, which their sessions replace.
   */
  copy(source: string, database: string): Promise<void> {
    return this.#gatedPool(source).whileClosed(async () => {
      if (!(await this.exists(database))) {
        await this.#untilUnused(source);
        const names = [database, source].map((name) => pg.escapeIdentifier(name));
        await this.pool("postgres").query(`create database ${names.join(" template ")} strategy file_copy`);
      }
      await this.pool(database).query(copyRoles(pg.escapeLiteral(source)));
    });
  }

  async #untilUnused(database: string): Promise<void> {
    const clients = "from pg_stat_activity where datname = $1 and backend_type = 'client backend'";
    const isUsed = async () => {
      const admin = this.pool("postgres");
      await admin.query(`select pg_terminate_backend(pid) ${clients} and state = 'idle'`, [database]);
      return (await admin.query(`select ${clients}`, [database])).rowCount !== 0;
    };
    while (await isUsed()) await delay(POLL_MS);
  }

  /** Drops the database and the roles named after it. */
  async drop(database: string): Promise<void> {
    const pool = this.#pools.get(database);
    this.#pools.delete(database);
    const ended = pool?.end();
    const admin = this.pool("postgres");
    await admin.query(`drop database if exists ${pg.escapeIdentifier(database)} with (force)`);
    await ended;
    const { rows } = await admin.query<{ rolname: string }>(
      "select rolname from pg_roles where starts_with(rolname, $1)",
      [`${database}/`],
    );
    for (const { rolname } of rows) await admin.query(`drop role if exists ${pg.escapeIdentifier(rolname)}`);
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.end()));
  }
}

/** 42P04, or 23505 if two sessions create it at the same moment. */
function isDuplicate(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === "42P04" || error.code === "23505");
}
