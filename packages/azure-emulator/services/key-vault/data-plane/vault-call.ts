import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticate } from "../../../control-plane/bearer";
import { toArmError } from "../../../control-plane/error-replies";
import { KEY_VAULT_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { OperationLocks } from "../../../control-plane/operation-locks";
import type { ArmResource } from "../../../control-plane/resource";
import { badParameter, KeyVaultError } from "../key-vault-error";
import type { VaultState } from "../state/vault-state";
import { requireVaultReachable } from "./network-access";

/** What the routes of a vault's objects work with. */
export interface VaultServer {
  readonly context: LocalContext;
  readonly state: VaultState;
  /** Changes of one object are made one after the other: each makes a version out of those that there are. */
  readonly locks: OperationLocks;
  /** The vault to which a request goes. */
  vaultOf(request: FastifyRequest): ArmResource | undefined;
}

/** A request to a vault whose caller may make it. */
export interface VaultCall {
  readonly vault: ArmResource;
  /** The vault's address, with a slash at the end. */
  readonly uri: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The forms of the data plane's versions: 7.0 to 7.6, and dates from 2015 on, of which newer clients send newer ones. Source: Azure/azure-rest-api-specs, specification/keyvault/data-plane. */
const VERSION = /^(7\.\d(-preview(\.\d)?)?|20(1[5-9]|2\d)-[01]\d-[0-3]\d(-preview)?)$/;

/** Errors in Key Vault's form, and the challenge by which Microsoft's clients learn where to get a token. */
export function prepareVaultApp(app: FastifyInstance, { context }: VaultServer): void {
  app.setErrorHandler((error: Error, _request, reply) => {
    const { status, body } = toArmError(error);
    if (status === 401) {
      const authority = `${context.httpsUrl}/${context.tenantId}`;
      reply.header(
        "www-authenticate",
        `Bearer authorization="${authority}", resource="${KEY_VAULT_AUDIENCE}"`,
      );
    }
    return reply.code(status).send(body);
  });
  // Before the body is read: the first request has an empty body with a JSON content type.
  app.addHook("onRequest", async (request) => {
    authenticate(context.tokens, request.headers, KEY_VAULT_AUDIENCE);
    const version = (request.query as Record<string, string>)["api-version"];
    if (!version) throw badParameter("api-version must be specified");
    if (!VERSION.test(version)) {
      throw badParameter(
        `The specified version (${version}) is not recognized. Consider using the latest supported version (7.6).`,
      );
    }
  });
  // Actions such as `recover` and `purge` come with a JSON content type and no body.
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, body === "" ? undefined : JSON.parse(body));
    } catch {
      done(badParameter("The request body is no JSON."));
    }
  });
}

/**
 * Checks the role at the vault, or at the object that the path names.
 * @param action below `Microsoft.KeyVault/vaults/`, such as `secrets/getSecret/action`
 * @throws KeyVaultError 403, 404
 */
export function openVault(server: VaultServer, request: FastifyRequest, action: string): VaultCall {
  const { context } = server;
  const principal = authenticate(context.tokens, request.headers, KEY_VAULT_AUDIENCE);
  const vault = server.vaultOf(request);
  if (vault === undefined) throw new KeyVaultError(404, "VaultNotFound", "The vault was not found.");
  // Before the role, as in Azure: who is outside learns nothing of it.
  requireVaultReachable(context, vault, principal, request);
  const { name = "", version } = request.params as { readonly name?: string; readonly version?: string };
  const collection = action.split("/")[0] ?? "";
  const scope = name === "" ? vault.id : `${vault.id}/${collection}/${name}`;
  context.access.require(principal, `Microsoft.KeyVault/vaults/${action}`, scope, "dataAction");
  const body = request.body ?? {};
  if (typeof body !== "object" || Array.isArray(body))
    throw badParameter("The request body must be a JSON object.");
  return {
    vault,
    uri: String(vault.properties.vaultUri),
    name,
    version: version === "" ? undefined : version,
    query: request.query as Record<string, string>,
    body: body as Record<string, unknown>,
  };
}

/** Runs a change of the object that a call names when every earlier one has ended. */
export function changing<T>(
  { locks }: VaultServer,
  { vault, name }: VaultCall,
  run: () => Promise<T>,
): Promise<T> {
  return locks.exclusive(`${vault.id}/${name}`, run);
}
