import type { IncomingMessage } from "node:http";
import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";

/**
 * `fetch` that connects from a loopback address, by which services know the caller: the global one shares its connections among all
 * callers of this process. Takes text as a body, and follows no redirect.
 */
export function fetchFrom(localAddress: string): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { request } = url.protocol === "https:" ? https : http;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(url, {
        method: init.method ?? "GET",
        headers: Object.fromEntries(new Headers(init.headers)),
        localAddress,
        agent: false,
        ...(init.signal && { signal: init.signal }),
      });
      sent.once("response", resolve).once("error", reject);
      sent.end(init.body as string | undefined);
    });
    const headers = Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    const status = response.statusCode ?? 0;
    const hasBody = status !== 204 && status !== 304;
    if (!hasBody) response.resume();
    const body = hasBody ? (Readable.toWeb(response) as WebStream as ReadableStream) : null;
    return new Response(body, { status, statusText: response.statusMessage ?? "", headers });
  };
}
