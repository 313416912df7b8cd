import type { IncomingMessage } from "node:http";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { ArmError } from "./arm-error";
import { listenDual } from "./dual-server";
import type { LocalContext } from "./local-service";

/** A listening port of the emulator. */
export interface Door {
  close(): Promise<void>;
}

/** One set of routes behind any number of ports. */
export interface Doors {
  open(port: number): Promise<Door>;
  /** Closes every port. */
  close(): Promise<void>;
}

/** What the paths need beyond ARM's: those are not case-sensitive, and parameters keep their spelling. */
interface RouterOptions {
  readonly ignoreDuplicateSlashes?: boolean;
}

/** Listens on a loopback port for both TLS and plain HTTP, for callers on this machine only. */
export async function openDoor(
  context: Pick<LocalContext, "certificates">,
  port: number,
  register: (app: FastifyInstance) => void | Promise<void>,
  router?: RouterOptions,
): Promise<Door> {
  const doors = await createDoors(context, register, router);
  await doors.open(port);
  return doors;
}

/**
 * Listens on any number of loopback ports with the same routes; {@link doorOf} tells a route at which one a request arrived. Nothing
 * is logged, because requests carry tokens.
 * @param register adds the routes, and the form of the errors
 */
export async function createDoors(
  context: Pick<LocalContext, "certificates">,
  register: (app: FastifyInstance) => void | Promise<void>,
  router: RouterOptions = {},
): Promise<Doors> {
  const app = fastify({
    logger: false,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 2048, ...router },
    forceCloseConnections: true,
  });
  app.addHook("onRequest", async (request) => refuseOtherSites(doorOf(request), request));
  await register(app);
  await app.ready();
  const servers = new Set<Door>();
  return {
    async open(port) {
      const server = await listenDual(port, context.certificates, (request, response) => {
        ports.set(request, port);
        app.routing(request, response);
      });
      const door: Door = {
        async close() {
          servers.delete(door);
          await server.close();
        },
      };
      servers.add(door);
      return door;
    },
    async close() {
      await Promise.all([...servers].map((door) => door.close()));
      await app.close();
    },
  };
}

/** By request: the port at which it arrived. */
const ports = new WeakMap<IncomingMessage, number>();

/** The port at which a request arrived. */
export function doorOf({ raw }: FastifyRequest): number {
  return ports.get(raw) ?? 0;
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
