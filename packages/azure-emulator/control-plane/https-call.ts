import type { IncomingHttpHeaders } from "node:http";
import https from "node:https";

export interface HttpsRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The loopback address from which to connect. */
  readonly localAddress?: string | undefined;
}

export interface HttpsReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One HTTPS exchange that trusts only the given authority, whatever the process trusts. Reads the whole response. */
export function httpsCall(url: string, ca: string, request: HttpsRequest = {}): Promise<HttpsReply> {
  const { method = "GET", headers = {}, body, localAddress } = request;
  return new Promise((resolve, reject) => {
    const sent = https.request(url, { method, headers, ca, agent: false, localAddress }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
