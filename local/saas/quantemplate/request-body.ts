import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** Leaves every body a stream, whatever its type: a dataset may be larger than memory. */
export function streamBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
}

/** The body as a stream; empty if there is none. */
export function bodyStream(request: FastifyRequest): Readable {
  return request.body instanceof Readable ? request.body : Readable.from([]);
}

/** The text of a small body. @throws RangeError above one megabyte. */
export async function bodyText(request: FastifyRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of bodyStream(request) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > 1024 * 1024) throw new RangeError("The body is larger than one megabyte.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
