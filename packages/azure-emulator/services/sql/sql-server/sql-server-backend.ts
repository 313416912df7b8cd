import { randomUUID } from "node:crypto";
import type { LocalContext } from "../../../control-plane/local-service";
import { EmulatorError } from "../../../errors/emulator-error";
import { bulkCopy } from "../copy/bulk-copy";
import { namedRows } from "../named-rows";
import { serverType } from "../resources/logical-servers";
import { type Login, masterDatabase } from "../session/login";
import type { SqlBackend } from "../sql-backend";
import type { CopyCsvRequest, CopyCsvResult, UserOfCall } from "../sql-service";
import { type Login7, withSqlLogin } from "../tds/login7";
import { type Call, CallObserver } from "./call-observer";
import { shownServer } from "./server-address";
import { logIn, ServerConnection } from "./server-connection";
import { ServerDatabases, type SqlLogin } from "./server-databases";
import type { ServerRecord } from "./server-record";

/** Databases on a real SQL Server. Clients log in to the emulator, as in Azure, and then talk to the server itself. */
export class SqlServerBackend implements SqlBackend {
  readonly engine = "mssql";
  readonly #databases: ServerDatabases;
  /** Open connections by database. */
  readonly #connections = new Map<string, Set<ServerConnection>>();
  #notice: string | undefined;

  constructor(
    readonly context: LocalContext,
    readonly record: ServerRecord,
    readonly userOf: UserOfCall,
  ) {
    this.#databases = new ServerDatabases(record);
  }

  get notice(): string | undefined {
    return this.#notice;
  }

  /** @throws EmulatorError QT6120, or QT9023 if the folder's databases are in the embedded PostgreSQL */
  async start(): Promise<void> {
    try {
      this.#refuseOthers();
      this.#notice = await this.#describe();
    } catch (error) {
      await this.record.discardUnused();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const connections of this.#connections.values())
      for (const connection of connections) connection.close();
    await this.#databases.close();
  }

  ensure(server: string, database: string): Promise<void> {
    return this.#databases.ensure(this.#databases.nameOf(server, database));
  }

  async drop(server: string, database: string): Promise<void> {
    const name = this.#databases.nameOf(server, database);
    for (const connection of this.#connections.get(name) ?? []) connection.close();
    await this.#databases.drop(name);
  }

  async open(login: Login, request: Login7): Promise<ServerConnection> {
    const account = await this.#account(login);
    const federated = request.credential.kind !== "password";
    const { server, reply } = await logIn(this.#databases.address, withSqlLogin(request, account), federated);
    const observer = new CallObserver(this.context.flow, login, (call) => this.#before(login, account, call));
    const connection = new ServerConnection(reply, server, observer);
    const others = this.#connections.get(account.database) ?? new Set();
    this.#connections.set(account.database, others.add(connection));
    server.once("close", () => others.delete(connection));
    return connection;
  }

  copyCsv(_login: Login, request: CopyCsvRequest): Promise<CopyCsvResult> {
    return bulkCopy(request);
  }

  async query(
    server: string,
    database: string,
    sql: string,
    parameters: unknown[] = [],
  ): Promise<Record<string, unknown>[]> {
    const pool = await this.#databases.pool(this.#databases.nameOf(server, database));
    const request = pool.request();
    request.arrayRowMode = true;
    for (const [index, value] of parameters.entries()) request.input(`p${index + 1}`, value);
    const { recordsets } = await request.query(sql);
    const last = Array.isArray(recordsets) ? recordsets.at(-1) : undefined;
    return last === undefined ? [] : namedRows(last);
  }

  async #describe(): Promise<string> {
    const engine = await this.#databases.engine();
    const { address } = this.#databases;
    const place = `The databases are on ${engine.title} at ${shownServer(address)}`;
    if (engine.hasOwnLogins) return place;
    return `${place}. It has no logins for identities: all of them act as ${address.user}, and their rights are not enforced`;
  }

  /** The SQL login for a client's login. */
  async #account({ server, database, principal, isAdministrator }: Login): Promise<SqlLogin> {
    const { address } = this.#databases;
    if (database === masterDatabase) return this.#databases.administrator(address.database);
    const name = this.#databases.nameOf(server.name, database);
    return isAdministrator
      ? this.#databases.administrator(name)
      : this.#databases.identity(name, principal.clientId);
  }

  #before(login: Login, account: SqlLogin, call: Call): Promise<void> | undefined {
    const user = login.isAdministrator ? this.userOf(call) : undefined;
    if (user === undefined) return undefined;
    const { name, clientId } = user;
    return this.#databases.prepareUser(account.database, name, clientId).catch((error: Error) => {
      // The call continues, and the procedure or the server reports its own error; the flow has this reason.
      this.context.flow.append({
        id: randomUUID(),
        hop: "sql",
        name: `login for ${name}`,
        status: "failed",
        error: error.message,
      });
    });
  }

  #refuseOthers(): void {
    const { resources, folder } = this.context;
    for (const { id, name } of resources.list({ type: `${serverType}/databases` })) {
      const server = id.split("/").at(-3) ?? "";
      if (!this.record.databases.includes(this.#databases.nameOf(server, name)))
        throw new EmulatorError("QT9023", { folder });
    }
  }
}
