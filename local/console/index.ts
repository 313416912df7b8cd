import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { LocalContext, LocalService } from "../../packages/azure-emulator/control-plane/local-service";

/** A client may take five silent minutes for a broken connection, and a long load can be silent for longer. */
const HEARTBEAT_MS = 30_000;

/** The emulator's web page: the flow, hop by hop, as it happens. */
export function createConsole(context: LocalContext): LocalService {
  const open = new Set<Readable>();
  return {
    name: "console",
    resourceTypes: [],
    routes(app: FastifyInstance) {
      app.get("/console", (_request, reply) =>
        reply.type("text/html; charset=utf-8").send(readFileSync(join(__dirname, "page.html"))),
      );
      // Server-sent events: the latest steps first, then each one as it happens.
      app.get("/console/flow", (request, reply) => {
        const stream = new Readable({ read() {} });
        const send = (step: unknown) => stream.push(`data: ${JSON.stringify(step)}\n\n`);
        stream.push(": open\n\n");
        for (const step of context.flow.recent(500)) send(step);
        const stopListening = context.flow.subscribe(send);
        const heartbeat = setInterval(() => stream.push(": still here\n\n"), HEARTBEAT_MS);
        open.add(stream);
        request.raw.on("close", () => {
          stopListening();
          clearInterval(heartbeat);
          open.delete(stream);
          stream.destroy();
        });
        return reply.type("text/event-stream").header("cache-control", "no-store").send(stream);
      });
    },
    async stop() {
      for (const stream of open) stream.push(null);
      open.clear();
    },
  };
}
