import type { Readable } from "node:stream";
import { ArmError } from "../../../control-plane/arm-error";
import { createOperationLocks } from "../../../control-plane/operation-locks";
import type { BlobCall } from "./blob-call";

const locks = createOperationLocks();

/** Runs when every earlier change of the blob has ended, so that a condition still holds when the change is made. */
export function changing<T>({ containerId, path }: BlobCall, run: () => Promise<T>): Promise<T> {
  return locks.exclusive(`${containerId}/${path.blob}`, run);
}

/** The headers that name a version. */
export function stamp({ etag, lastModified }: { readonly etag: string; readonly lastModified: string }) {
  return { etag, "last-modified": lastModified };
}

/** The content that a request carries. @throws ArmError 411 if its length is not announced */
export function bodyOf({ header, request }: BlobCall): Readable {
  if (header("content-length") === undefined) {
    throw new ArmError(411, "MissingContentLengthHeader", "The Content-Length header was not specified.");
  }
  return (request.body as Readable | undefined) ?? request.raw;
}
