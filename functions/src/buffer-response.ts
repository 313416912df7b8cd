import { HttpResponse, type HttpResponseInit } from "@azure/functions";

/**
 * An answer that hands its bytes over as they are. A plain `HttpResponse` copies a body into a stream and out of it again, which costs a
 * page of 5 MB as much as a tenth of reading it. The library reads `arrayBuffer()` alone, unless `enableHttpStream` is set, which this
 * app does not do.
 */
export class BufferResponse extends HttpResponse {
  override readonly arrayBuffer: () => Promise<ArrayBuffer>;

  constructor({ body, ...init }: HttpResponseInit & { readonly body: Buffer }) {
    super(init);
    this.arrayBuffer = async () => bytesOf(body);
  }
}

/** The buffer's own memory, or a copy if it is a part of a larger one. */
function bytesOf({ buffer, byteOffset, length }: Buffer): ArrayBuffer {
  const isWhole = byteOffset === 0 && buffer.byteLength === length;
  return (isWhole ? buffer : buffer.slice(byteOffset, byteOffset + length)) as ArrayBuffer;
}
