import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";

/**
 * The headers by which Resource Manager's support finds a request; a client's own correlation id is kept
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling and the REST API reference,
 * "Common response headers"). `x-ms-client-request-id` is returned if the client asks for it.
 */
export function addRequestIds(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ headers }, reply) => {
    const id = randomUUID();
    const correlation = headers["x-ms-correlation-request-id"];
    const time = new Date().toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
    const client = headers["x-ms-client-request-id"];
    reply.headers({
      "x-ms-request-id": id,
      "x-ms-correlation-request-id": typeof correlation === "string" ? correlation : id,
      "x-ms-routing-request-id": `LOCAL:${time}:${id}`,
      "cache-control": "no-cache",
      pragma: "no-cache",
      expires: "-1",
      "x-content-type-options": "nosniff",
      ...(headers["x-ms-return-client-request-id"] === "true" &&
        typeof client === "string" && { "x-ms-client-request-id": client }),
    });
  });
}
