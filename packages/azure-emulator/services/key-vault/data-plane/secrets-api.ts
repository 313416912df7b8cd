import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ArmResource } from "../../../control-plane/resource";
import { sameId } from "../../../control-plane/resource-id";
import { KeyVaultError, notSupported } from "../key-vault-error";
import {
  keepDeleted,
  newVersion,
  requireFreeName,
  SECRET_TYPE,
  type SecretVersion,
  secretProperties,
  versionsOf,
  wantedSecret,
} from "../resources/secret";
import { attributesOf, contentTypeOf, tagsOf } from "../state/object-rules";
import { isPurgeProtected } from "../state/recovery";
import type { DeletedSecret } from "../state/vault-state";
import { pageOf } from "./paging";
import { deletedBundle, deletedItem, secretBundle, secretItem } from "./secret-bundle";
import { changing, openVault, type VaultCall, type VaultServer } from "./vault-call";

/**
 * The data plane of secrets. Source: learn.microsoft.com/rest/api/keyvault/secrets/operation-groups; the data actions:
 * learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault.
 */
export function secretsApi(app: FastifyInstance, server: VaultServer): void {
  const { context, state } = server;
  const open = (request: FastifyRequest, action: string) => openVault(server, request, `secrets/${action}`);
  const changes =
    <T>(action: string, run: (call: VaultCall, reply: FastifyReply) => Promise<T>) =>
    (request: FastifyRequest, reply: FastifyReply) => {
      const call = open(request, action);
      return changing(server, call, () => run(call, reply));
    };
  const find = ({ vault, name }: VaultCall) => context.resources.get(`${vault.id}/secrets/${name}`);
  const save = async (
    call: VaultCall,
    existing: ArmResource | undefined,
    versions: readonly SecretVersion[],
  ) => {
    const { vault, name } = call;
    const latest = versions.at(-1);
    await context.resources.set({
      id: `${vault.id}/secrets/${name}`,
      type: SECRET_TYPE,
      name,
      ...existing,
      ...(latest?.tags && { tags: latest.tags }),
      properties: secretProperties(call.uri, existing?.name ?? name, versions),
    });
  };

  const get = async (request: FastifyRequest) => {
    const call = open(request, "getSecret/action");
    const found = versionOf(call, find(call));
    if (found.attributes.enabled === false) {
      throw new KeyVaultError(
        403,
        "Forbidden",
        "Operation get is not allowed on a disabled secret.",
        "SecretDisabled",
      );
    }
    return { value: found.value, ...secretBundle(call, call.name, found) };
  };
  const change = changes("update/action", async (call) => {
    const secret = find(call);
    const found = versionOf(call, secret);
    const { contentType, attributes, tags } = call.body;
    const changed: SecretVersion = {
      ...found,
      ...(contentType !== undefined && { contentType: contentTypeOf(contentType) ?? "" }),
      ...(tags !== undefined && { tags: tagsOf(tags) ?? {} }),
      attributes: {
        ...found.attributes,
        ...attributesOf(attributes),
        updated: Math.floor(Date.now() / 1000),
      },
    };
    const versions = secret === undefined ? [] : versionsOf(secret);
    await save(
      call,
      secret,
      versions.map((version) => (version === found ? changed : version)),
    );
    return secretBundle(call, call.name, changed);
  });

  app.get("/secrets", async (request) => {
    const call = open(request, "readMetadata/action");
    const secrets = context.resources.list({ type: SECRET_TYPE, under: call.vault.id }).sort(byName);
    return pageOf(
      secrets.map((secret) => secretItem(call, secret)),
      call,
      "secrets",
    );
  });
  app.get("/secrets/:name/versions", async (request) => {
    const call = open(request, "readMetadata/action");
    const secret = find(call);
    const versions = secret === undefined ? [] : versionsOf(secret);
    return pageOf(
      versions.map((version) => secretBundle(call, call.name, version)),
      call,
      `secrets/${call.name}/versions`,
    );
  });
  app.get("/secrets/:name", get);
  app.get("/secrets/:name/:version", get);
  app.patch("/secrets/:name", change);
  app.patch("/secrets/:name/:version", change);
  app.put(
    "/secrets/:name",
    changes("setSecret/action", async (call) => {
      const existing = find(call);
      requireFreeName(state, call.vault.name, call.name, existing);
      const version = newVersion(wantedSecret(call.body));
      await save(call, existing, [...(existing === undefined ? [] : versionsOf(existing)), version]);
      return { value: version.value, ...secretBundle(call, call.name, version) };
    }),
  );
  app.delete(
    "/secrets/:name",
    changes("delete", async (call) => {
      const secret = find(call);
      if (secret === undefined) throw notFound(call);
      const deleted = await keepDeleted(state, call.vault, secret);
      await context.resources.remove(secret.id);
      return deletedBundle(call, deleted);
    }),
  );
  app.post("/secrets/restore", async () => {
    throw notSupported("Restore Secret");
  });
  app.post("/secrets/:name/backup", async () => {
    throw notSupported("Backup Secret");
  });

  const deletedOf = ({ vault, name }: VaultCall): DeletedSecret => {
    const found = state.contents(vault.name).deletedSecrets.find(({ secret }) => sameId(secret.name, name));
    if (found !== undefined && context.resources.get(found.secret.id) === undefined) return found;
    throw new KeyVaultError(404, "SecretNotFound", `Deleted Secret not found: ${name}`);
  };
  const forget = ({ vault, name }: VaultCall) =>
    state.change(vault.name, ({ deletedSecrets }) => ({
      deletedSecrets: deletedSecrets.filter(({ secret }) => !sameId(secret.name, name)),
    }));

  app.get("/deletedsecrets", async (request) => {
    const call = open(request, "readMetadata/action");
    const { deletedSecrets } = state.contents(call.vault.name);
    const items = [...deletedSecrets]
      .sort((a, b) => byName(a.secret, b.secret))
      .map((deleted) => deletedItem(call, deleted));
    return pageOf(items, call, "deletedsecrets");
  });
  app.get("/deletedsecrets/:name", async (request) => {
    const call = open(request, "readMetadata/action");
    return deletedBundle(call, deletedOf(call));
  });
  app.post(
    "/deletedsecrets/:name/recover",
    changes("recover/action", async (call) => {
      const { secret } = deletedOf(call);
      await context.resources.set(secret);
      await forget(call);
      return secretBundle(call, secret.name, versionOf(call, secret));
    }),
  );
  app.delete(
    "/deletedsecrets/:name",
    changes("purge/action", async (call, reply) => {
      deletedOf(call);
      if (isPurgeProtected(call.vault)) throw purgeForbidden();
      await forget(call);
      return reply.code(204).send();
    }),
  );
}

/** Source: learn.microsoft.com/azure/key-vault/general/soft-delete-overview#purge-protection. */
export function purgeForbidden(): KeyVaultError {
  return new KeyVaultError(403, "Forbidden", 'Operation "purge" is not enabled for this vault.');
}

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** The version that a request names, or the latest. @throws KeyVaultError 404 */
function versionOf(call: VaultCall, secret: ArmResource | undefined): SecretVersion {
  const versions = secret === undefined ? [] : versionsOf(secret);
  const found =
    call.version === undefined ? versions.at(-1) : versions.find(({ version }) => version === call.version);
  if (found === undefined) throw notFound(call);
  return found;
}

function notFound({ name, version }: VaultCall): KeyVaultError {
  const named = version === undefined ? name : `${name}/${version}`;
  return new KeyVaultError(
    404,
    "SecretNotFound",
    `A secret with (name/id) ${named} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  );
}
