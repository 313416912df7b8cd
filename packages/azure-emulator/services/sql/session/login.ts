import { type Principal, SQL_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { Caller } from "../../../control-plane/network/callers";
import { type ArmResource, sameId } from "../../../control-plane/resource";
import { requireReachable } from "./network-access";
import { SqlServerError } from "./sql-server-error";

/** A successful login: the principal, the server and the database. */
export interface Login {
  readonly principal: Principal;
  readonly server: ArmResource;
  /** Spelt as in its resource. */
  readonly database: string;
  /** The directory of the principal. */
  readonly tenantId: string;
  /** The server's Entra administrator, who may do everything. */
  readonly isAdministrator: boolean;
}

/** A database that every server has, without a resource. */
export const masterDatabase = "master";

/** Checks tokens. For anyone but the administrator, the engine decides whether they are a user of the database. */
export class Logins {
  constructor(readonly context: LocalContext) {}

  /**
   * @param database name; empty for the login's default, `master`
   * @throws SqlServerError 18456, 4060, 40615 or 47073 in SQL Server's words, NoRouteError
   */
  withToken(server: ArmResource, token: string, database: string, caller: Caller): Login {
    const principal = this.#verify(token);
    requireReachable(this.context, server, caller);
    const resource = this.#database(server, database || masterDatabase);
    const isAdministrator = this.#isAdministrator(server, principal);
    if (resource === undefined && !isAdministrator) throw loginFailed();
    const { tenantId } = this.context;
    return { principal, server, database: resource?.name ?? masterDatabase, tenantId, isAdministrator };
  }

  #verify(token: string): Principal {
    try {
      return this.context.tokens.verify(token, SQL_AUDIENCE);
    } catch (error) {
      const expired = /expired/i.test(error instanceof Error ? error.message : "");
      throw loginFailed(
        expired ? " Token is expired." : " The server is not currently configured to accept this token.",
      );
    }
  }

  /** Undefined for `master`, which every server has. @throws SqlServerError 4060 */
  #database(server: ArmResource, database: string): ArmResource | undefined {
    if (database.toLowerCase() === masterDatabase) return undefined;
    const resource = this.context.resources.get(`${server.id}/databases/${database}`);
    if (resource !== undefined) return resource;
    throw new SqlServerError(
      4060,
      `Cannot open database "${database}" requested by the login. The login failed.`,
      { class: 11 },
    );
  }

  /**
   * The administrator itself, or a member of the group that is it. A group that the directory does not have is somebody's of Azure: the
   * deployer counts as its member.
   */
  #isAdministrator(server: ArmResource, { objectId }: Principal): boolean {
    const { sid, principalType = "Group" } = (server.properties.administrators ?? {}) as {
      readonly sid?: string;
      readonly principalType?: string;
    };
    if (sid === undefined) return false;
    if (sameId(sid, objectId)) return true;
    const { directory, principals } = this.context;
    const group = directory.now.groups.find(({ id }) => sameId(id, sid));
    if (group !== undefined) return group.members.some((member) => sameId(member, objectId));
    const isElsewhere = principalType === "Group" && principals.byObjectId(sid) === undefined;
    return isElsewhere && sameId(objectId, principals.deployer.objectId);
  }
}

/** 18456 as Azure SQL words it; it does not name a token's owner. */
export function loginFailed(reason = "", user = "<token-identified principal>"): SqlServerError {
  return new SqlServerError(18456, `Login failed for user '${user}'.${reason}`, { class: 14 });
}

/** The errors that a client gets for one: a database that it cannot open is also a failed login, and drivers show or branch on the last. */
export function loginErrors(error: SqlServerError): readonly SqlServerError[] {
  return error.number === 4060 ? [error, loginFailed()] : [error];
}
