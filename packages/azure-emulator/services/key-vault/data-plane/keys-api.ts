import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sameId } from "../../../control-plane/resource-id";
import { badParameter, KeyVaultError, notSupported } from "../key-vault-error";
import type { KeyVersion, StoredKey } from "../state/key";
import { attributesOf, nameIsTaken, requireObjectName, tagsOf } from "../state/object-rules";
import { deletionNow, isPurgeProtected, recoveryAttributes } from "../state/recovery";
import { applyKey, createKeyVersion, type KeyOperation, publicParts } from "./key-operations";
import { pageOf } from "./paging";
import { byName, purgeForbidden } from "./secrets-api";
import { changing, openVault, type VaultCall, type VaultServer } from "./vault-call";

/** The action of a role for each operation. */
const actions: Readonly<Record<KeyOperation, string>> = {
  encrypt: "encrypt",
  decrypt: "decrypt",
  wrapKey: "wrap",
  unwrapKey: "unwrap",
};

/** The data plane of RSA keys. Source: learn.microsoft.com/rest/api/keyvault/keys/operation-groups. */
export function keysApi(app: FastifyInstance, server: VaultServer): void {
  const { state } = server;
  const open = (request: FastifyRequest, action: string) => openVault(server, request, `keys/${action}`);
  const changes =
    <T>(action: string, run: (call: VaultCall, reply: FastifyReply) => Promise<T>) =>
    (request: FastifyRequest, reply: FastifyReply) => {
      const call = open(request, action);
      return changing(server, call, () => run(call, reply));
    };
  const anyOf = ({ vault, name }: VaultCall) =>
    state.contents(vault.name).keys.find((key) => sameId(key.name, name));
  const keyOf = (call: VaultCall): StoredKey => {
    const key = anyOf(call);
    if (key === undefined || key.deleted !== undefined) throw notFound(call);
    return key;
  };
  const deletedOf = (call: VaultCall): StoredKey => {
    const key = anyOf(call);
    if (key?.deleted !== undefined) return key;
    throw new KeyVaultError(404, "KeyNotFound", `Deleted Key not found: ${call.name}`);
  };
  /** @param key undefined: it is gone for good */
  const save = ({ vault, name }: VaultCall, key: StoredKey | undefined) =>
    state.change(vault.name, ({ keys }) => ({
      keys: [...keys.filter((other) => !sameId(other.name, name)), ...(key === undefined ? [] : [key])],
    }));
  const list = (call: VaultCall, isDeleted: boolean) =>
    state
      .contents(call.vault.name)
      .keys.filter(({ deleted }) => (deleted !== undefined) === isDeleted)
      .sort(byName);

  const get = async (request: FastifyRequest) => {
    const call = open(request, "read");
    return bundle(call, versionOf(call, keyOf(call)));
  };
  const change = changes("update/action", async (call) => {
    const key = keyOf(call);
    const found = versionOf(call, key);
    const { attributes, tags, key_ops: operations } = call.body;
    const changed: KeyVersion = {
      ...found,
      ...(Array.isArray(operations) && { operations }),
      ...(tags !== undefined && { tags: tagsOf(tags) ?? {} }),
      attributes: {
        ...found.attributes,
        ...attributesOf(attributes),
        updated: Math.floor(Date.now() / 1000),
      },
    };
    await save(call, {
      ...key,
      versions: key.versions.map((version) => (version === found ? changed : version)),
    });
    return bundle(call, changed);
  });

  app.get("/keys", async (request) => {
    const call = open(request, "read");
    return pageOf(
      list(call, false).map((key) => item(call, key)),
      call,
      "keys",
    );
  });
  app.get("/keys/:name/versions", async (request) => {
    const call = open(request, "read");
    const versions = anyOf(call)?.versions ?? [];
    return pageOf(
      versions.map((version) => versionItem(call, call.name, version)),
      call,
      `keys/${call.name}/versions`,
    );
  });
  app.get("/keys/:name", get);
  app.get("/keys/:name/:version", get);
  app.patch("/keys/:name", change);
  app.patch("/keys/:name/:version", change);
  app.post(
    "/keys/:name/create",
    changes("create/action", async (call) => {
      requireObjectName(call.name);
      const existing = anyOf(call);
      if (existing?.deleted !== undefined) throw nameIsTaken("Key", call.name);
      const version = await createKeyVersion(call.body);
      await save(call, {
        name: existing?.name ?? call.name,
        versions: [...(existing?.versions ?? []), version],
      });
      return bundle(call, version);
    }),
  );
  app.delete(
    "/keys/:name",
    changes("delete", async (call) => {
      const deleted: StoredKey = { ...keyOf(call), deleted: deletionNow(call.vault) };
      await save(call, deleted);
      return deletedBundle(call, deleted);
    }),
  );
  for (const operation of Object.keys(actions) as KeyOperation[]) {
    const use = async (request: FastifyRequest) => {
      const call = open(request, `${actions[operation]}/action`);
      const version = versionOf(call, keyOf(call));
      return { kid: kidOf(call, call.name, version), value: applyKey(version, operation, call.body) };
    };
    app.post(`/keys/:name/${operation}`, use);
    app.post(`/keys/:name/:version/${operation}`, use);
  }

  app.get("/deletedkeys", async (request) => {
    const call = open(request, "read");
    return pageOf(
      list(call, true).map((key) => ({ ...deletedParts(call, key), ...item(call, key) })),
      call,
      "deletedkeys",
    );
  });
  app.get("/deletedkeys/:name", async (request) => {
    const call = open(request, "read");
    return deletedBundle(call, deletedOf(call));
  });
  app.post(
    "/deletedkeys/:name/recover",
    changes("recover/action", async (call) => {
      const { deleted: _, ...key } = deletedOf(call);
      await save(call, key);
      return bundle(call, versionOf(call, key));
    }),
  );
  app.delete(
    "/deletedkeys/:name",
    changes("purge/action", async (call, reply) => {
      deletedOf(call);
      if (isPurgeProtected(call.vault)) throw purgeForbidden();
      await save(call, undefined);
      return reply.code(204).send();
    }),
  );

  for (const [path, what] of [
    ["/keys/restore", "Restore Key"],
    ["/keys/:name/backup", "Backup Key"],
    ["/keys/:name/rotate", "Rotate Key"],
    ["/keys/:name/:version/sign", "Sign"],
    ["/keys/:name/:version/verify", "Verify"],
    ["/keys/:name/:version/release", "Release"],
  ] as const) {
    app.post(path, async () => {
      throw notSupported(what);
    });
  }
  app.put("/keys/:name", async () => {
    throw notSupported("Import Key");
  });
  app.route({
    method: ["GET", "PUT"],
    url: "/keys/:name/rotationpolicy",
    handler: async () => {
      throw notSupported("rotation policies");
    },
  });
}

function kidOf({ uri }: VaultCall, name: string, { version }: KeyVersion): string {
  return `${uri}keys/${name}/${version}`;
}

/** Source: Azure/azure-rest-api-specs, specification/keyvault/data-plane/Keys, KeyBundle. */
function bundle(call: VaultCall, version: KeyVersion) {
  const kid = kidOf(call, call.name, version);
  return {
    key: { kid, key_ops: version.operations, ...publicParts(version) },
    attributes: { ...version.attributes, ...recoveryAttributes(call.vault) },
    ...(version.tags !== undefined && { tags: version.tags }),
  };
}

function versionItem(call: VaultCall, name: string, version: KeyVersion) {
  return {
    kid: kidOf(call, name, version),
    attributes: { ...version.attributes, ...recoveryAttributes(call.vault) },
    ...(version.tags !== undefined && { tags: version.tags }),
  };
}

/** An entry of a list of keys: it has no version. */
function item(call: VaultCall, { name, versions }: StoredKey) {
  const latest = versions.at(-1);
  return { ...(latest && versionItem(call, name, latest)), kid: `${call.uri}keys/${name}` };
}

function deletedBundle(call: VaultCall, key: StoredKey) {
  const latest = key.versions.at(-1);
  return { ...deletedParts(call, key), ...(latest && bundle(call, latest)) };
}

function deletedParts({ uri }: VaultCall, { name, deleted }: StoredKey) {
  return { recoveryId: `${uri}deletedkeys/${name}`, ...deleted };
}

function versionOf(call: VaultCall, { versions }: StoredKey): KeyVersion {
  const found =
    call.version === undefined ? versions.at(-1) : versions.find(({ version }) => version === call.version);
  if (found === undefined) throw notFound(call);
  return found;
}

function notFound({ name, version }: VaultCall): KeyVaultError {
  if (name === "") return badParameter("A key's name is missing.");
  const named = version === undefined ? name : `${name}/${version}`;
  return new KeyVaultError(
    404,
    "KeyNotFound",
    `A key with (name/id) ${named} was not found in this key vault.`,
  );
}
