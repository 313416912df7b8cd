import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ArmError } from "../../../control-plane/arm-error";
import { authenticate } from "../../../control-plane/bearer";
import { toArmError } from "../../../control-plane/error-replies";
import { STORAGE_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import { sameId } from "../../../control-plane/resource-id";
import { ACCOUNT_TYPE } from "../resources/account";
import { otherServices } from "../resources/account-outputs";
import { containerIdOf } from "../resources/container";
import { type BlobCall, blobPathOf, headerOf } from "./blob-call";
import { blobError, notSupported } from "./blob-error";
import type { BlobFolder } from "./blob-folder";
import { errorXml } from "./blob-xml";
import { requireBlobsReachable } from "./network-access";
import { operationOf, refuseUnsupported } from "./operations";

/** Without `x-ms-version`, an answer names this one. */
const VERSION = "2025-07-05";

/**
 * Blob storage's REST API for every account, below `/<account>/`: the form in which Microsoft's clients address a server by its IP
 * address (learn.microsoft.com/azure/storage/common/storage-use-azurite, "Connection strings", and BlobUriBuilder of the SDKs).
 * It accepts only Entra tokens, with the role's actions; keys and signatures are refused.
 * @param prefix below which it answers, such as `/storage`
 */
export function blobService(
  app: FastifyInstance,
  context: LocalContext,
  blobs: BlobFolder,
  prefix = "",
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.addHook("onSend", async (request, reply) => {
    const client = request.headers["x-ms-client-request-id"];
    reply.headers({
      "x-ms-version": request.headers["x-ms-version"] ?? VERSION,
      "x-ms-request-id": requestIdOf(reply),
      ...(client !== undefined && { "x-ms-client-request-id": client }),
    });
  });
  app.setErrorHandler((error: Error, request, reply) => answerError(context, error, request, reply));

  app.route({
    method: ["GET", "HEAD", "PUT", "POST", "DELETE"],
    url: `${prefix}/*`,
    exposeHeadRoute: false,
    async handler(request, reply) {
      const call = open(request, reply);
      await operationOf(call).run(call, { context, blobs });
      return reply;
    },
  });

  /** Checks the token, that the account exists, that the operation does, and the role. */
  const open = (request: FastifyRequest, reply: FastifyReply): BlobCall => {
    const path = blobPathOf((request.raw.url ?? "").slice(prefix.length));
    const version = headerOf(request)("x-ms-version");
    if (version !== undefined && !/^20\d\d-\d\d-\d\d$/.test(version)) {
      throw blobError("InvalidHeaderValue", `x-ms-version: ${version}`);
    }
    refuseKeys(request, path.query);
    const principal = authenticate(context.tokens, request.headers, STORAGE_AUDIENCE);
    const account = context.resources
      .list({ type: ACCOUNT_TYPE })
      .find(({ name }) => sameId(name, path.account));
    if (account === undefined) throw noSuchAccount(path.account);
    requireBlobsReachable(context, account, principal, request);
    const containerId = containerIdOf(account.id, path.container);
    const call: BlobCall = {
      path: { ...path, account: account.name },
      account,
      containerId,
      principal,
      request,
      reply,
      header: headerOf(request),
    };
    refuseUnsupported(call);
    const { permission } = operationOf(call);
    const scope = path.level === "service" ? account.id : containerId;
    try {
      context.access.require(principal, permission.action, scope, permission.kind);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      throw new ArmError(403, "AuthorizationPermissionMismatch", error.message);
    }
    return call;
  };
}

function answerError(context: LocalContext, error: Error, request: FastifyRequest, reply: FastifyReply) {
  const { status, code, message } = toArmError(error);
  if (status === 401) {
    const authority = `${context.httpsUrl}/${context.tenantId}/oauth2/authorize`;
    reply.header(
      "www-authenticate",
      `Bearer authorization_uri=${authority} resource_id=https://storage.azure.com`,
    );
  }
  // What is left of a body that is refused unread.
  request.raw.resume();
  reply.code(status).header("x-ms-error-code", code);
  // HTTP: neither has a body; a client that sees a type reads one.
  if (request.method === "HEAD" || status === 304) return reply.send();
  return reply.type("application/xml").send(errorXml(code, message, requestIdOf(reply)));
}

/** The other services of an account have addresses, as in Azure, and are refused by name. */
function noSuchAccount(account: string): ArmError {
  const service = otherServices.find((name) => account.toLowerCase().endsWith(`.${name}`));
  return service === undefined
    ? blobError("ResourceNotFound", `There is no account '${account}'.`)
    : notSupported(`the service '${service}'`);
}

function requestIdOf(reply: FastifyReply): string {
  const given = reply.getHeader("x-ms-request-id");
  if (typeof given === "string") return given;
  const id = randomUUID();
  reply.header("x-ms-request-id", id);
  return id;
}

function refuseKeys(request: FastifyRequest, query: URLSearchParams): void {
  if (!query.has("sig") && !/^SharedKey/i.test(request.headers.authorization ?? "")) return;
  throw new ArmError(
    403,
    "KeyBasedAuthenticationNotPermitted",
    "Key based authentication is not permitted on this storage account.",
  );
}
