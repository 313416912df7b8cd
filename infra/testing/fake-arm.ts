import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { callArm } from "../steps/arm-call";
import type { AzureSession } from "../steps/azure-session";

export interface FakeCall {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that answers as a test decides, with a session that is signed in to it. */
export interface FakeArm {
  readonly url: string;
  readonly calls: FakeCall[];
  readonly session: AzureSession;
  /** The pauses that steps asked for, in milliseconds; none was made. */
  readonly pauses: number[];
  close(): Promise<void>;
}

/** @param answer Called for each request, with the calls before it. */
export async function startFakeArm(
  answer: (call: FakeCall, before: readonly FakeCall[]) => FakeAnswer,
): Promise<FakeArm> {
  const calls: FakeCall[] = [];
  const pauses: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = request;
    const call = { method, url, headers, body: Buffer.concat(chunks).toString("latin1") };
    const { status = 200, json, text, headers: extra } = answer(call, [...calls]);
    calls.push(call);
    response.writeHead(status, {
      "content-type": json === undefined ? "text/plain" : "application/json",
      ...extra,
    });
    response.end(json === undefined ? text : JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    pauses,
    session: {
      arm: (method, id, call) => callArm(url, "arm-token", method, id, call, { pause: async () => {} }),
      armToken: async () => "arm-token",
      armUrl: async () => url,
      sqlToken: async () => "sql-token",
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An error as Resource Manager writes it. */
export const armError = (status: number, code: string, message: string): FakeAnswer => ({
  status,
  json: { error: { code, message } },
});
