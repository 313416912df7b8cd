import pg from "pg";
import type { ClusterAddress } from "./cluster";
import { catalogTypes } from "./value-types";

/** The databases of the cluster and a pool of connections to each. */
export class Databases {
  readonly #pools = new Map<string, pg.Pool>();

  constructor(readonly address: ClusterAddress) {}

  /** Connections of the superuser; return each one in the state in which you got it. Not for long-lived listeners. */
  pool(database: string): pg.Pool {
    const kept = this.#pools.get(database);
    if (kept !== undefined) return kept;
    const pool = new pg.Pool({
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
