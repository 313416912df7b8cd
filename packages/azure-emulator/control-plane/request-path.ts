import type { FastifyRequest } from "fastify";

/** The path of a request in the form of an ARM id: decoded, without a trailing slash, and with one slash where the client wrote more. */
export function pathOf(request: FastifyRequest): string {
  return decodeURI(request.url.split("?")[0] ?? "")
    .replace(/\/{2,}/g, "/")
    .replace(/\/$/, "");
}
