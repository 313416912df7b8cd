import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ArmError } from "../../../control-plane/arm-error";
import { authenticate } from "../../../control-plane/bearer";
import { toArmError } from "../../../control-plane/error-replies";
import { KEY_VAULT_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { sameId } from "../../../control-plane/resource-id";
import { SECRET_TYPE, type SecretVersion, versionsOf, withVersion } from "../resources/secret";
import { VAULT_TYPE, vaultUri } from "../resources/vault";

interface Path {
  readonly vault: string;
  readonly name: string;
  readonly version?: string;
}

/** The data plane of secrets: get (latest or one version), set, list, delete, each checked against its data action at the secret. */
export function secretsApi(app: FastifyInstance, context: LocalContext): void {
  const base = "/keyvault/:vault/secrets";
  app.setErrorHandler((error: Error, _request, reply) => {
    const { status, body } = toArmError(error);
    // Microsoft's clients send the first request without a token and learn from this header where to get one.
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
  });

  const open = (request: FastifyRequest, verb: string): ArmResource => {
    const principal = authenticate(context.tokens, request.headers, KEY_VAULT_AUDIENCE);
    if (!(request.query as Record<string, string>)["api-version"]) {
      throw new ArmError(400, "BadParameter", "api-version must be specified");
    }
    const { vault: vaultName, name } = request.params as Path;
    const vault = context.resources
      .list({ type: VAULT_TYPE })
      .find((resource) => sameId(resource.name, vaultName));
    if (vault === undefined)
      throw new ArmError(404, "VaultNotFound", `The vault '${vaultName}' was not found.`);
    const scope = name === undefined ? vault.id : `${vault.id}/secrets/${name}`;
    context.access.require(principal, `${SECRET_TYPE}/${verb}/action`, scope, "dataAction");
    return vault;
  };
  const secretOf = (vault: ArmResource, name: string): ArmResource => {
    const secret = context.resources.get(`${vault.id}/secrets/${name}`);
    if (secret !== undefined) return secret;
    throw new ArmError(
      404,
      "SecretNotFound",
      `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.`,
    );
  };
  const get = async (request: FastifyRequest, reply: FastifyReply) => {
    const { name, version } = request.params as Path;
    const vault = open(request, "getSecret");
    const versions = versionsOf(secretOf(vault, name));
    const found = version ? versions.find((candidate) => candidate.version === version) : versions.at(-1);
    if (found === undefined) {
      throw new ArmError(
        404,
        "SecretNotFound",
        `A secret with (name/id) ${name}/${version} was not found in this key vault.`,
      );
    }
    if (found.attributes.enabled === false) {
      throw new ArmError(403, "Forbidden", `Operation get is not allowed on a disabled secret (${name}).`);
    }
    return reply.send(bundle(context, name, found));
  };
  app.get(`${base}/:name`, get);
  app.get(`${base}/:name/:version`, get);

  app.get(base, async (request) => {
    const vault = open(request, "readMetadata");
    const secrets = context.resources.list({ type: SECRET_TYPE, under: vault.id });
    return {
      value: secrets.flatMap((secret) =>
        versionsOf(secret)
          .slice(-1)
          .map((version) => {
            const { value: _, id, ...rest } = bundle(context, secret.name, version);
            return { ...rest, id: id.slice(0, id.lastIndexOf("/")) };
          }),
      ),
      nextLink: null,
    };
  });

  app.put(`${base}/:name`, async (request) => {
    const { name } = request.params as Path;
    const vault = open(request, "setSecret");
    const { value, contentType, attributes, tags } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof value !== "string") throw new ArmError(400, "BadParameter", "Property value is required.");
    const id = `${vault.id}/secrets/${name}`;
    const existing = context.resources.get(id);
    const properties = withVersion(vaultUri(context, vault.name), name, existing, {
      value,
      contentType,
      attributes,
    });
    const tagged = tags === undefined ? {} : { tags: tags as Record<string, string> };
    const secret: ArmResource = {
      ...existing,
      id: existing?.id ?? id,
      type: SECRET_TYPE,
      name,
      ...tagged,
      properties,
    };
    await context.resources.set(secret);
    const latest = versionsOf(secret).at(-1);
    return latest && bundle(context, name, latest);
  });

  app.delete(`${base}/:name`, async (request) => {
    const { name } = request.params as Path;
    const vault = open(request, "delete");
    const secret = secretOf(vault, name);
    await context.resources.remove(secret.id);
    const latest = versionsOf(secret).at(-1);
    const { value: _, ...rest } = latest ? bundle(context, name, latest) : { value: "" };
    return { ...rest, recoveryId: `${vaultUri(context, vault.name)}deletedsecrets/${name}` };
  });
}

/** `id` names the secret in the form that Microsoft's clients parse, without the path of the vault; it is not an address here. */
function bundle(context: LocalContext, name: string, version: SecretVersion) {
  const { contentType } = version;
  return {
    value: version.value,
    id: `${context.httpsUrl}/secrets/${name}/${version.version}`,
    ...(contentType !== undefined && { contentType }),
    attributes: { recoveryLevel: "Purgeable", ...version.attributes },
  };
}
