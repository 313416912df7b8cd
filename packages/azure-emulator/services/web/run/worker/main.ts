import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import { type DualServer, listenDual } from "../../../../control-plane/dual-server";
import { connectFrom } from "../../../../control-plane/network/connect-from";
import {
  type Admission,
  type FromWorker,
  type HostKeys,
  RESPONSE_LIMIT_MS,
  type ToWorker,
} from "../host-protocol";
import { type LoadedApp, loadApp } from "./app";
import { isAuthorised } from "./authorization";
import { type CoreApi, installCoreApi } from "./core-api";
import { invoke } from "./invocation";
import { createRouter } from "./routes";

/** The host's own limit on a body, in bytes (Azure/azure-functions-host: FUNCTIONS_REQUEST_BODY_SIZE_LIMIT). */
const MAX_BODY_BYTES = 104_857_600;

const send = (message: FromWorker) => process.send?.(message);
const log = (level: string, category: string, message: string) =>
  send({ type: "log", level, category, message });

/** The process of an app. It gets one `start` message, serves the app, and ends with the emulator, even if that is killed. */
process.once("disconnect", () => process.exit(0));
// A terminal's Ctrl-C reaches every process of the group, but the emulator decides when the app ends.
process.on("SIGINT", () => {});
process.on("unhandledRejection", (error) => log("error", "worker", `Unhandled rejection: ${textOf(error)}`));

let server: DualServer | undefined;
let responseLimitMs = RESPONSE_LIMIT_MS;
let keys: HostKeys = { master: "", host: [], functions: {} };

process.on("message", (message: ToWorker) => {
  switch (message.type) {
    case "start":
      keys = message.keys;
      responseLimitMs = message.responseLimitMs;
      start(message).catch((error) => send({ type: "failed", message: textOf(error) }));
      break;
    case "keys":
      keys = message.keys;
      break;
    case "admitted":
      asked.get(message.id)?.(message.admission);
      asked.delete(message.id);
      break;
    case "memory":
      // maxRSS is in kilobytes.
      send({ type: "memory", peakBytes: process.resourceUsage().maxRSS * 1024 });
      break;
    case "ping":
      send({ type: "pong" });
      break;
    case "stop":
      void Promise.resolve(server?.close(message.graceMs)).finally(() => process.exit(0));
      break;
  }
});

async function start(message: Extract<ToWorker, { type: "start" }>): Promise<void> {
  const { directory, port, certificate, outboundAddress, isOpen } = message;
  if (outboundAddress !== undefined) connectFrom(outboundAddress);
  const core = installCoreApi(log);
  const app = await loadApp(directory, core);
  const find = createRouter(app.functions, app.routePrefix);
  server = await listenDual(port, certificate, (request, response) => {
    const serving = isOpen
      ? serve(core, app, find, request, response)
      : admitted(request, response).then(
          (may) => may && serve(core, app, find, request, response).then(() => undefined),
        );
    serving.catch((error) => {
      log("error", "host", textOf(error));
      response.destroy();
    });
  });
  send({ type: "ready", functions: app.functions, routePrefix: app.routePrefix });
}

/** Admissions that the emulator was asked for, by the question's id. */
const asked = new Map<string, (admission: Admission) => void>();

/** Asks the emulator whether the client may call the app, and refuses it as App Service's front end does if not. */
async function admitted(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const id = randomUUID();
  const { answer, ip } = await new Promise<Admission>((resolve) => {
    asked.set(id, resolve);
    send({ type: "admit", id, address: request.socket.remoteAddress ?? "" });
  });
  if (answer === "nowhere") request.socket.destroy();
  if (answer === "forbidden") {
    response.writeHead(403, "Ip Forbidden", { "content-type": "text/html", "x-ms-forbidden-ip": ip });
    response.end(
      "<h1>Error 403 - Forbidden</h1><p>The web app you have attempted to reach has blocked your access.</p>",
    );
  }
  return answer === "admitted";
}

async function serve(
  core: CoreApi,
  app: LoadedApp,
  find: ReturnType<typeof createRouter>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const scheme = request.socket instanceof TLSSocket ? "https" : "http";
  const url = new URL(request.url ?? "/", `${scheme}://${request.headers.host ?? "localhost"}`);
  const match = find(request.method ?? "GET", url.pathname);
  if (match === undefined) return refuse(response, 404);
  if (!isAuthorised(request, url.searchParams, match.info, keys)) return refuse(response, 401);

  const id = randomUUID();
  const parent = request.headers["x-ms-client-request-id"];
  const invocation = {
    type: "invocation",
    id,
    functionName: match.info.name,
    ...(typeof parent === "string" && { parent }),
  } as const;
  const begun = performance.now();
  send(invocation);
  let failure: string | undefined;
  const limit = setTimeout(() => {
    failure = `no response within ${responseLimitMs / 1000} s`;
    if (!response.headersSent) response.writeHead(504);
    response.end();
  }, responseLimitMs);
  const before = request.socket.bytesWritten;
  try {
    const body = app.streamAddress === undefined ? await readBody(request) : undefined;
    if (body === "too large") return refuse(response, 413);
    await invoke(core, { ...match, id, url, request, response, body, log }, app.streamAddress);
  } catch (error) {
    failure = textOf(error);
    log(
      "error",
      `Function.${match.info.name}`,
      `Executed '${match.info.name}' (Failed, Id=${id}): ${failure}`,
    );
    if (!response.headersSent) response.writeHead(500);
    response.end();
  } finally {
    clearTimeout(limit);
    await finished(response);
    send({
      ...invocation,
      outcome: {
        status: response.statusCode,
        durationMs: Math.round(performance.now() - begun),
        requestBytes: Number(request.headers["content-length"] ?? 0),
        responseBytes: request.socket.bytesWritten - before,
        ...(failure !== undefined && { error: failure.split("\n")[0] ?? failure }),
      },
    });
  }
}

/** As in the Functions host, a refusal has no body. */
function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-length": 0 }).end();
}

async function readBody(request: IncomingMessage): Promise<Buffer | "too large"> {
  const chunks: Buffer[] = [];
  let length = Number(request.headers["content-length"] ?? 0);
  if (length > MAX_BODY_BYTES) return "too large";
  length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return "too large";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function finished(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("finish", resolve);
    response.once("close", resolve);
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
