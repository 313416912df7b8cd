import type { RequestFacts } from "./assignment-condition";
import type { RolePermissions } from "./built-in-roles";

/** Audience of Azure Resource Manager's tokens. */
export const ARM_AUDIENCE = "https://management.azure.com/";
export const GRAPH_AUDIENCE = "https://graph.microsoft.com/";
export const KEY_VAULT_AUDIENCE = "https://vault.azure.net";
export const STORAGE_AUDIENCE = "https://storage.azure.com/";
export const SQL_AUDIENCE = "https://database.windows.net/";

/** An identity that can have a role: the deployer, or the managed identity of a resource. */
export interface Principal {
  /** Object id in the directory; role assignments name it. */
  readonly objectId: string;
  /** Application (client) id; database users are derived from it. */
  readonly clientId: string;
  readonly displayName: string;
  readonly kind: "ServicePrincipal" | "ManagedIdentity";
}

/** All principals. Managed identities come and go with their resources. */
export interface PrincipalDirectory {
  /** The principal that deploys: Owner of the subscription. */
  readonly deployer: Principal & { readonly secret: string };
  byObjectId(objectId: string): Principal | undefined;
  byClientId(clientId: string): Principal | undefined;
  /** The identity of a resource, created at the first call (its ids derive from the resource id, so they are stable). */
  ofResource(resourceId: string, displayName: string): Principal;
  /** Removes the identity of a resource; its tokens are no longer valid. */
  forget(resourceId: string): void;
}

export interface TokenService {
  /** A bearer token for an audience such as `https://database.windows.net/` (trailing slash and `/.default` do not matter). @throws UnknownAudienceError */
  issue(
    principal: Principal,
    audience: string,
    lifetimeSeconds?: number,
  ): { readonly token: string; readonly expiresOn: Date };
  /** The principal of the token. @throws Error if it is malformed, expired, or for another audience. */
  verify(token: string, audience: string): Principal;
  /** The public keys, as `/discovery/v2.0/keys` shows them. */
  readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

/** A right that a request needed. */
export interface NeededRight {
  readonly principal: Principal;
  readonly action: string;
  readonly scope: string;
  readonly kind: "action" | "dataAction";
}

/** Enforces role assignments. */
export interface AccessControl {
  /** The permissions of the roles at the scope, one for each assignment, also of those that do not act yet. */
  held(principal: Principal, scope: string): readonly RolePermissions[];
  /** Reports each right that a request needs, before it is checked. @returns a function that ends it */
  observe(listener: (needed: NeededRight) => void): () => void;
  /**
   * @param facts what conditions of role assignments may look at
   * @throws ArmError 403 AuthorizationFailed that names principal, action and scope.
   */
  require(
    principal: Principal,
    action: string,
    scope: string,
    kind?: "action" | "dataAction",
    facts?: RequestFacts,
  ): void;
  /** True if the principal has any role here: only then it sees the subscription. */
  known(principal: Principal): boolean;
  /** True if {@link AccessControl.require} would not throw: to leave out of a list what the caller may not see. */
  allows(principal: Principal, action: string, scope: string): boolean;
  /** True if a role grants the action, now or once its assignment takes effect. */
  granted(principal: Principal, action: string, scope: string, kind?: "action" | "dataAction"): boolean;
}
