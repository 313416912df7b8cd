import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A fake web server on a loopback port: it sends the configured answers and records its requests. */
export interface FakeWeb {
  readonly url: string;
  readonly requests: {
    readonly path: string;
    /** Path and query. */
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }[];
  /** Handlers by path, for any method; a path without a handler returns 404. */
  readonly answers: Map<string, (request: IncomingMessage, response: ServerResponse) => void>;
  close(): Promise<void>;
}

export async function startFakeWeb(): Promise<FakeWeb> {
  const requests: FakeWeb["requests"] = [];
  const answers: FakeWeb["answers"] = new Map();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { url = "", headers } = request;
      const path = url.split("?")[0] ?? "";
      const body = Buffer.concat(chunks).toString("utf8");
      requests.push({ path, url, headers, body });
      const answer = answers.get(path);
      if (answer !== undefined) answer(request, response);
      else response.writeHead(404, { "content-type": "application/json" }).end('{"error":"not found"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Creates a handler that answers with JSON. */
export function json(body: unknown, status = 200) {
  return (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

/** Creates a handler that answers with CSV text. */
export function text(body: string, status = 200) {
  return (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, { "content-type": "text/csv; charset=utf-8" }).end(body);
  };
}
