/** Audience of Azure Resource Manager's tokens. */
export const ARM_AUDIENCE = "https://management.azure.com/";
export const KEY_VAULT_AUDIENCE = "https://vault.azure.net";
export const STORAGE_AUDIENCE = "https://storage.azure.com/";
export const SQL_AUDIENCE = "https://database.windows.net/";

/** Somebody who can be given a role: the deployer, or the managed identity of a resource. */
export interface Principal {
  /** Object id in the directory; role assignments name it. */
  readonly objectId: string;
  /** Application (client) id; database users are made from it. */
  readonly clientId: string;
  readonly displayName: string;
  readonly kind: "ServicePrincipal" | "ManagedIdentity";
}

/** Who exists. Managed identities come and go with their resources. */
export interface PrincipalDirectory {
  /** The principal that deploys: Owner of the subscription. */
  readonly deployer: Principal & { readonly secret: string };
  byObjectId(objectId: string): Principal | undefined;
  byClientId(clientId: string): Principal | undefined;
  /** The identity of a resource, made at first asking (ids derive from the resource id, so they are stable). */
  ofResource(resourceId: string, displayName: string): Principal;
  /** The identity of a resource is gone; its tokens no longer count. */
  forget(resourceId: string): void;
}

/** Tokens of the local directory. */
export interface TokenService {
  /** A bearer token for an audience such as `https://database.windows.net/` (trailing slash and `/.default` do not matter). */
  issue(
    principal: Principal,
    audience: string,
    lifetimeSeconds?: number,
  ): { readonly token: string; readonly expiresOn: Date };
  /** Who the token speaks for. @throws Error where it is malformed, expired, or for another audience. */
  verify(token: string, audience: string): Principal;
  /** The public keys, as `/discovery/v2.0/keys` shows them. */
  readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

/** Role assignments, enforced. */
export interface AccessControl {
  /** @throws ArmError 403 AuthorizationFailed that names principal, action and scope. */
  require(principal: Principal, action: string, scope: string, kind?: "action" | "dataAction"): void;
}
