import type { FastifyRequest } from "fastify";

/** The path of a request as an ARM id is written: decoded, without a slash at the end. */
export function pathOf(request: FastifyRequest): string {
  return decodeURI(request.url.split("?")[0] ?? "").replace(/\/+$/, "");
}
