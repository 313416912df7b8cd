import { createHash, createHmac } from "node:crypto";
import mssql from "mssql";
import { EmulatorError } from "../../../errors/emulator-error";
import { loginFailed } from "../session/login";
import { type ServerAddress, shownServer } from "./server-address";
import { type ServerEngine, serverEngine } from "./server-engine";
import type { ServerRecord } from "./server-record";
import {
  createDatabase,
  dropDatabase,
  dropLogins,
  ensureIdentityUser,
  findDatabase,
  findIdentityUser,
  likeAzure,
} from "./statements";

/** A SQL login and its database. */
export interface SqlLogin {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The databases and logins that the emulator has on a real server, managed with the login of its URL. */
export class ServerDatabases {
  readonly address: ServerAddress;
  readonly #pools = new Map<string, Promise<mssql.ConnectionPool>>();
  #engine: Promise<ServerEngine> | undefined;

  constructor(readonly record: ServerRecord) {
    this.address = record.address;
  }

  /** The engine at the server's address. @throws EmulatorError QT6120 */
  engine(): Promise<ServerEngine> {
    this.#engine ??= this.pool(this.address.database)
      .then(serverEngine)
      .catch((error) => {
        this.#engine = undefined;
        throw error;
      });
    return this.#engine;
  }

  /** Connections of the URL's login. @throws EmulatorError QT6120 */
  pool(database: string): Promise<mssql.ConnectionPool> {
    const kept = this.#pools.get(database);
    if (kept !== undefined) return kept;
    const pool = new mssql.ConnectionPool(this.#configuration(database));
    // A server that stops ends idle connections; the next caller gets a new one or the error.
    pool.on("error", () => {});
    const connected = pool.connect().catch((error: Error) => {
      this.#pools.delete(database);
      throw new EmulatorError(
        "QT6120",
        { server: shownServer(this.address), reason: error.message },
        { cause: error },
      );
    });
    this.#pools.set(database, connected);
    return connected;
  }

  /** The name of an emulator's database on the server: unique to this emulator, and short enough for every engine. */
  nameOf(server: string, database: string): string {
    const name = `${server}_${database}`.toLowerCase();
    const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
    return `${this.record.names.prefix}_${this.record.id}_${name.replace(/[^a-z0-9]+/g, "_").slice(0, 30)}_${hash}`;
  }

  /** Creates the database if it is missing, with Azure's settings. @throws EmulatorError QT6120 */
  async ensure(name: string): Promise<void> {
    const [engine, pool] = await Promise.all([this.engine(), this.pool(this.address.database)]);
    await this.record.add(name);
    if (!(await exists(pool, name))) await pool.request().batch(createDatabase(name));
    if (engine.kind === "sql-server") await pool.request().batch(likeAzure(name));
  }

  /** Drops a database that this emulator created, and after the last one also the identities' logins. */
  async drop(name: string): Promise<void> {
    if (!this.record.databases.includes(name)) return;
    const [engine, pool] = await Promise.all([this.engine(), this.pool(this.address.database)]);
    const own = this.#pools.get(name);
    this.#pools.delete(name);
    await (await own?.catch(() => undefined))?.close();
    if (await exists(pool, name)) await pool.request().batch(dropDatabase(name, engine.kind));
    await this.record.remove(name);
    if (engine.hasOwnLogins && this.record.databases.length === 0)
      await pool.request().input("prefix", this.#loginOf("")).query(dropLogins);
  }

  /** Drops everything that the emulator created on the server. */
  async dropAll(): Promise<void> {
    for (const name of this.record.databases) await this.drop(name);
  }

  /** The login of the server's administrator. */
  administrator(database: string): SqlLogin {
    const { user, password } = this.address;
    return { user, password, database };
  }

  /**
   * The SQL login of an identity: a separate login if the server supports it, so that the server enforces the identity's rights.
   * @throws SqlServerError 18456 if it is not a user of the database
   */
  async identity(name: string, clientId: string): Promise<SqlLogin> {
    const engine = await this.engine();
    if (!engine.hasUsers) return this.administrator(name);
    const pool = await this.pool(name);
    const { recordset } = await pool.request().input("client_id", clientId).query(findIdentityUser);
    if (recordset.length === 0) throw loginFailed();
    if (!engine.hasOwnLogins) return this.administrator(name);
    return { user: this.#loginOf(clientId), password: this.#passwordOf(clientId), database: name };
  }

  /**
   * Runs before a call that makes an identity a user: creates a login with the identity's SID, and its user. The call then finds the
   * user; it could not create one from an Entra identity, which this server does not know.
   */
  async prepareUser(database: string, name: string, clientId: string): Promise<void> {
    if (!(await this.engine()).hasOwnLogins) return;
    const pool = await this.pool(database);
    await pool
      .request()
      .input("name", name)
      .input("client_id", clientId)
      .input("login", this.#loginOf(clientId))
      .input("password", this.#passwordOf(clientId))
      .query(ensureIdentityUser);
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    this.#engine = undefined;
    await Promise.all(pools.map(async (pool) => (await pool.catch(() => undefined))?.close()));
  }

  #loginOf(clientId: string): string {
    return `${this.record.names.prefix}_${this.record.id}/${clientId.toLowerCase()}`;
  }

  /** Long, with every kind of character that a password policy may require. */
  #passwordOf(clientId: string): string {
    return `${createHmac("sha256", this.record.secret).update(clientId.toLowerCase()).digest("base64url")}-aA1`;
  }

  #configuration(database: string): mssql.config {
    const { host, port, user, password, encrypt, trustServerCertificate } = this.address;
    return {
      server: host,
      port,
      user,
      password,
      database,
      options: { encrypt, trustServerCertificate, appName: "azure-emulator" },
      pool: { max: 10, min: 0 },
      connectionTimeout: 15_000,
      requestTimeout: 10 * 60_000,
    };
  }
}

async function exists(pool: mssql.ConnectionPool, name: string): Promise<boolean> {
  const { recordset } = await pool.request().input("name", name).query<{ id: number | null }>(findDatabase);
  return recordset[0]?.id != null;
}
