import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { ArmError } from "./arm-error";
import { listenDual } from "./dual-server";
import type { LocalContext } from "./local-service";

/** A listening port of the emulator. */
export interface Door {
  close(): Promise<void>;
}

/**
 * Listens on a loopback port for both TLS and plain HTTP, for callers on this machine only. Nothing is logged, because requests
 * carry tokens.
 * @param register adds the routes, and the form of the port's errors
 * @param router what its paths need beyond ARM's: paths are not case-sensitive, parameters keep their spelling
 */
export async function openDoor(
  context: Pick<LocalContext, "certificates">,
  port: number,
  register: (app: FastifyInstance) => void | Promise<void>,
  router: { readonly ignoreDuplicateSlashes?: boolean } = {},
): Promise<Door> {
  const app = fastify({
    logger: false,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 2048, ...router },
    forceCloseConnections: true,
  });
  app.addHook("onRequest", async (request) => refuseOtherSites(port, request));
  await register(app);
  await app.ready();
  const server = await listenDual(port, context.certificates, (request, response) =>
    app.routing(request, response),
  );
  return {
    async close() {
      await server.close();
      await app.close();
    },
  };
}

/**
 * A page of another site, open in a browser on this machine, must not reach the emulator: neither through a host name that
 * resolves to loopback (the Host header shows it) nor across origins (the Origin header shows it).
 */
function refuseOtherSites(port: number, { headers }: FastifyRequest): void {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes(headers.host ?? "")) {
    throw new ArmError(421, "MisdirectedRequest", `The emulator answers for ${own.join(" and ")} only.`);
  }
  if (headers.origin !== undefined && !own.some((host) => headers.origin?.endsWith(`://${host}`))) {
    throw new ArmError(403, "CrossOriginRequest", "The emulator answers only its own pages.");
  }
}
