import http from "node:http";
import https from "node:https";
import net from "node:net";
import { setTimeout } from "node:timers/promises";

/** First byte of a TLS record that opens a handshake. */
const TLS_HANDSHAKE = 0x16;

/** The time that requests under way have after a close began. */
const GRACE_MS = 2000;
const PATIENCE_MS = 1500;

export interface DualServer {
  /** Accepts no more connections, gives requests under way two seconds (or so many ms) to end, then cuts the rest. */
  close(graceMs?: number): Promise<void>;
}

/** One loopback port that answers both TLS and plain HTTP; the first byte shows which it is. */
export async function listenDual(
  port: number,
  certificate: { readonly cert: string; readonly key: string },
  handler: http.RequestListener,
): Promise<DualServer> {
  const sockets = new Set<net.Socket>();
  let underWay = 0;
  let closing = false;
  let idle = () => {};

  const serve: http.RequestListener = (request, response) => {
    underWay++;
    if (closing) response.setHeader("connection", "close");
    response.once("close", () => {
      underWay--;
      if (underWay === 0) idle();
    });
    handler(request, response);
  };
  // A body of a million rows takes long, so only the headers have a time limit.
  const options = { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 65_000, noDelay: true };
  const plain = http.createServer(options, serve);
  const secure = https.createServer({ ...options, ...certificate }, serve);
  secure.on("tlsClientError", (_error, socket) => socket.destroy());

  const front = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => {
      const first: Buffer | null = socket.read();
      if (first === null) return;
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? secure : plain).emit("connection", socket);
    });
  });
  await listenWithRetry(front, port);

  return {
    async close(graceMs = GRACE_MS) {
      closing = true;
      const closed = new Promise<void>((resolve) => front.close(() => resolve()));
      if (underWay > 0) {
        const quiet = new Promise<void>((resolve) => {
          idle = resolve;
        });
        const grace = new AbortController();
        await Promise.race([quiet, setTimeout(graceMs, undefined, { signal: grace.signal }).catch(() => {})]);
        grace.abort();
      }
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The port of a process that was killed a moment ago may still be taken, so this retries for a moment. */
async function listenWithRetry(server: net.Server, port: number): Promise<void> {
  const patience = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
          server.off("error", reject);
          resolve();
        });
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || Date.now() > patience) throw error;
      await setTimeout(25);
    }
  }
}
