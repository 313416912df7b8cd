import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ArmError } from "../../../control-plane/arm-error";
import { authenticate } from "../../../control-plane/bearer";
import { toArmError } from "../../../control-plane/error-replies";
import { STORAGE_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import { sameId } from "../../../control-plane/resource-id";
import { accountOf, CONTAINER_TYPE } from "../resources/account";
import type { BlobFolder, BlobProperties } from "./blob-folder";
import { errorXml, listXml } from "./blob-xml";

interface Path {
  readonly account: string;
  readonly container: string;
  /** The blob, slashes included. */
  readonly "*"?: string;
}

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
const VERSION = "2024-11-04";

/**
 * A part of Blob storage's REST API: Put Blob (block blobs in one request), Get Blob with ranges, Get
 * Blob Properties, Delete Blob, List Blobs. It accepts only Entra tokens, with the role's data actions; keys and signatures are refused.
 */
export function blobApi(app: FastifyInstance, context: LocalContext, blobs: BlobFolder): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.addHook("onSend", async (request, reply) => {
    reply.headers({
      "x-ms-version": request.headers["x-ms-version"] ?? VERSION,
      "x-ms-request-id": randomUUID(),
    });
  });
  app.setErrorHandler((error: Error, _request, reply) => {
    const { status, code, message } = toArmError(error);
    if (status === 401) {
      const authority = `${context.httpsUrl}/${context.tenantId}/oauth2/authorize`;
      reply.header(
        "www-authenticate",
        `Bearer authorization_uri=${authority} resource_id=https://storage.azure.com`,
      );
    }
    return reply
      .code(status)
      .header("x-ms-error-code", code)
      .type("application/xml")
      .send(errorXml(code, message));
  });

  /** Checks the token, that the container exists, and the role. */
  const open = (
    request: FastifyRequest,
    verb: "read" | "write" | "delete",
  ): Path & { readonly blob: string } => {
    const path = request.params as Path;
    refuseKeys(request);
    const principal = authenticate(context.tokens, request.headers, STORAGE_AUDIENCE);
    const container = context.resources
      .list({ type: CONTAINER_TYPE })
      .find(({ id, name }) => name === path.container && sameId(accountOf(id), path.account));
    if (container === undefined) {
      throw new ArmError(
        404,
        "ContainerNotFound",
        `The specified container '${path.container}' does not exist.`,
      );
    }
    try {
      context.access.require(principal, `${BLOBS}/${verb}`, container.id, "dataAction");
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      throw new ArmError(403, "AuthorizationPermissionMismatch", error.message);
    }
    return { ...path, blob: path["*"] ?? "" };
  };
  const find = async ({
    account,
    container,
    blob,
  }: Path & { readonly blob: string }): Promise<BlobProperties> => {
    const found = await blobs.find(account, container, blob);
    if (found === undefined) throw new ArmError(404, "BlobNotFound", "The specified blob does not exist.");
    return found;
  };
  const url = "/storage/:account/:container/*";

  app.put(url, async (request, reply) => {
    const { account, container, blob } = open(request, "write");
    const { comp } = request.query as Record<string, string>;
    if (comp !== undefined || request.headers["x-ms-blob-type"] !== "BlockBlob") {
      throw new ArmError(
        501,
        "NotImplemented",
        `The emulator has no Put Blob with comp=${comp ?? ""} or for this x-ms-blob-type.`,
      );
    }
    const given = request.headers["x-ms-blob-content-type"] ?? request.headers["content-type"];
    const contentType = typeof given === "string" ? given : "application/octet-stream";
    const content = (request.body as Readable | undefined) ?? request.raw;
    const { etag, lastModified } = await blobs.write(account, container, blob, contentType, content);
    return reply
      .code(201)
      .headers({ etag, "last-modified": lastModified, "x-ms-request-server-encrypted": "true" })
      .send();
  });
  app.route({
    method: "HEAD",
    url,
    handler: async (request, reply) => {
      const blob = await find(open(request, "read"));
      return describe(reply, blob).header("content-length", blob.contentLength).send();
    },
  });
  app.route({
    method: "GET",
    url,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const path = open(request, "read");
      const blob = await find(path);
      const range = rangeOf(request, blob.contentLength);
      describe(reply, blob).header(
        "content-length",
        range ? range.end - range.start + 1 : blob.contentLength,
      );
      if (range) {
        reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${blob.contentLength}`);
      }
      return reply.send(blobs.read(path.account, path.container, blob, range));
    },
  });
  app.delete(url, async (request, reply) => {
    const path = open(request, "delete");
    await find(path);
    await blobs.remove(path.account, path.container, path.blob);
    return reply.code(202).send();
  });
  app.get("/storage/:account/:container", async (request, reply) => {
    const { account, container } = open(request, "read");
    const { restype, comp, prefix = "" } = request.query as Record<string, string | undefined>;
    if (restype !== "container" || comp !== "list") {
      throw new ArmError(501, "NotImplemented", "The emulator supports only List Blobs on a container.");
    }
    const found = (await blobs.list(account, container)).filter(({ name }) => name.startsWith(prefix));
    return reply
      .type("application/xml")
      .send(listXml(`${context.httpsUrl}/storage/${account}/`, container, prefix, found));
  });
}

function refuseKeys(request: FastifyRequest): void {
  const { sig } = request.query as Record<string, string>;
  if (sig === undefined && !/^SharedKey/i.test(request.headers.authorization ?? "")) return;
  throw new ArmError(
    403,
    "KeyBasedAuthenticationNotPermitted",
    "Key based authentication is not permitted on this storage account.",
  );
}

function describe(reply: FastifyReply, blob: BlobProperties): FastifyReply {
  return reply.headers({
    "content-type": blob.contentType,
    etag: blob.etag,
    "last-modified": blob.lastModified,
    "accept-ranges": "bytes",
    "x-ms-blob-type": "BlockBlob",
  });
}

/** The requested bytes. @throws ArmError 416 if the range lies after the end. */
function rangeOf(request: FastifyRequest, length: number): { start: number; end: number } | undefined {
  const header = request.headers["x-ms-range"] ?? request.headers.range;
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(typeof header === "string" ? header : "") ?? [];
  if (first === undefined) return undefined;
  const [start, end] = [Number(first), last ? Math.min(Number(last), length - 1) : length - 1];
  if (start > end)
    throw new ArmError(
      416,
      "InvalidRange",
      "The range specified is invalid for the current size of the resource.",
    );
  return { start, end };
}
