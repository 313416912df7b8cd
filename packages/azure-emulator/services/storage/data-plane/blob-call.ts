import type { FastifyReply, FastifyRequest } from "fastify";
import type { Principal } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { blobError } from "./blob-error";
import type { BlobAddress, BlobFolder } from "./blob-folder";

/** What a request's path names: `/<account>`, `/<account>/<container>`, `/<account>/<container>/<blob>`. */
export interface BlobPath extends BlobAddress {
  readonly level: "service" | "container" | "blob";
  readonly query: URLSearchParams;
}

/** A request to Blob storage that may be served: its account exists and its caller has the role. */
export interface BlobCall {
  readonly path: BlobPath;
  readonly account: ArmResource;
  /** The id of the container, whether it exists or not. */
  readonly containerId: string;
  readonly principal: Principal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** A request's header. */
  header(name: string): string | undefined;
}

/** What an operation works with. */
export interface BlobServer {
  readonly context: LocalContext;
  readonly blobs: BlobFolder;
}

/** A blob's longest name. Source: learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata. */
const LONGEST = 1024;

/**
 * Reads the address as the client sent it: a router would decode, lower or shorten what may be part of a blob's name.
 * @throws blob error InvalidUri
 */
export function blobPathOf(url: string): BlobPath {
  const cut = url.indexOf("?");
  const [path, query] = cut < 0 ? [url, ""] : [url.slice(0, cut), url.slice(cut + 1)];
  const [, account = "", container = "", ...rest] = path.split("/");
  const blob = decoded(rest.join("/"));
  if (blob.length > LONGEST) throw blobError("InvalidUri", "A blob's name has at most 1,024 characters.");
  const level = container === "" ? "service" : blob === "" ? "container" : "blob";
  return {
    account: decoded(account),
    container: decoded(container),
    blob,
    level,
    query: new URLSearchParams(query),
  };
}

/** A header of a request; the values of one that is sent twice are joined, as HTTP has it. */
export function headerOf(request: FastifyRequest): (name: string) => string | undefined {
  return (name) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(",") : value;
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw blobError("InvalidUri");
  }
}
