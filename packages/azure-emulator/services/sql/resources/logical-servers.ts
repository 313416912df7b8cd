import { createSecureContext, type SecureContext } from "node:tls";
import { SQL_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import { type ArmResource, sameId } from "../../../control-plane/resource";
import { EmulatorError } from "../../../errors/emulator-error";
import { type Login, Logins, loginFailed } from "../session/login";
import type { Session } from "../session/session";
import type { SqlBackend } from "../sql-backend";
import type { ServerConnection } from "../sql-server/server-connection";
import type { Login7 } from "../tds/login7";
import type { TdsHost } from "../tds/tds-connection";
import { TdsListener } from "../tds/tds-listener";

export const serverType = "Microsoft.Sql/servers";

/** As long as drivers wait for a login by default (tedious: 15 s). */
const LOGIN_LIMIT_MS = 15_000;

interface RunningServer {
  readonly id: string;
  readonly port: number;
  readonly listener: TdsListener;
}

/** A TDS port for every stored SQL server. */
export class LogicalServers {
  readonly #running = new Map<string, Promise<RunningServer>>();
  readonly #logins: Logins;
  readonly #tls: { wrapped: SecureContext; strict: SecureContext };

  constructor(
    readonly context: LocalContext,
    readonly backend: Pick<SqlBackend, "open">,
  ) {
    this.#logins = new Logins(context);
    const { cert, key } = context.certificates;
    this.#tls = {
      wrapped: createSecureContext({ cert, key, maxVersion: "TLSv1.2" }),
      strict: createSecureContext({ cert, key }),
    };
  }

  /** Makes sure that the server's port listens, and returns the port. */
  async ensure(id: string): Promise<number> {
    const key = id.toLowerCase();
    const running = this.#running.get(key) ?? this.#listen(id);
    this.#running.set(key, running);
    try {
      return (await running).port;
    } catch (error) {
      this.#running.delete(key);
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    const running = this.#running.get(id.toLowerCase());
    this.#running.delete(id.toLowerCase());
    await (await running)?.listener.close();
  }

  /** @param server name or `127.0.0.1,<port>` @throws EmulatorError QT6106 */
  async find(server: string): Promise<ArmResource> {
    const port = Number(/^[^,]*,\s*(\d+)$/.exec(server)?.[1] ?? 0);
    const listening = await Promise.all(this.#running.values());
    const id = listening.find((one) => one.port === port)?.id;
    const resource = this.context.resources
      .list({ type: serverType })
      .find((one) => (id === undefined ? sameId(one.name, server) : sameId(one.id, id)));
    if (resource === undefined) throw new EmulatorError("QT6106", { server });
    return resource;
  }

  /** The names of a server and one of its databases, as their resources spell them. @throws EmulatorError QT6106 or QT6107 */
  async findDatabase(server: string, database: string): Promise<{ server: string; database: string }> {
    const resource = await this.find(server);
    const found = this.context.resources.get(`${resource.id}/databases/${database}`);
    if (found === undefined) throw new EmulatorError("QT6107", { server: resource.name, database });
    return { server: resource.name, database: found.name };
  }

  /**
   * The login of a token.
   * @param from the loopback address of the client
   * @throws SqlServerError 18456, 4060, 40615 or 47073, NoRouteError
   */
  login(server: ArmResource, token: string, database: string, from: string | undefined): Login {
    return this.#logins.withToken(server, token, database, this.context.callers.of(from));
  }

  async stop(): Promise<void> {
    const running = await Promise.allSettled(this.#running.values());
    this.#running.clear();
    await Promise.all(
      running.map((one) => (one.status === "fulfilled" ? one.value.listener.close() : undefined)),
    );
  }

  async #listen(id: string): Promise<RunningServer> {
    const name = id.split("/").at(-1) ?? id;
    const port = await this.context.port(`sql:${name.toLowerCase()}`);
    const listener = new TdsListener(this.#host(id, name));
    await listener.listen(port);
    return { id, port, listener };
  }

  #host(id: string, name: string): TdsHost {
    return {
      serverName: name,
      wrappedTls: this.#tls.wrapped,
      strictTls: this.#tls.strict,
      loginLimitMs: LOGIN_LIMIT_MS,
      federated: { stsUrl: `${this.context.httpsUrl}/${this.context.tenantId}`, audience: SQL_AUDIENCE },
      login: (request, token, from) => this.#tdsLogin(id, request, token, from),
    };
  }

  async #tdsLogin(
    id: string,
    request: Login7,
    token: string | undefined,
    from: string | undefined,
  ): Promise<Session | ServerConnection> {
    const server = this.context.resources.get(id);
    if (server === undefined) throw loginFailed();
    if (token === undefined) {
      const user = request.credential.kind === "password" ? request.credential.userName : "";
      throw loginFailed(
        " Reason: Azure Active Directory only authentication is enabled. Please contact your system administrator.",
        user,
      );
    }
    return this.backend.open(this.login(server, token, request.database, from), request);
  }
}
