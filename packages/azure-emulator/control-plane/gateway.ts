import fastify, { type FastifyRequest } from "fastify";
import { armApi } from "./arm-api";
import { ArmError } from "./arm-error";
import { listenDual } from "./dual-server";
import { armErrorHandler } from "./error-replies";
import { identityApi } from "./identity-endpoint";
import type { ControlPlane, LocalContext, LocalService } from "./local-service";
import { loginApi } from "./login-api";
import { metadataApi } from "./metadata-api";

export interface Gateway {
  close(): Promise<void>;
}

/**
 * Listens on the context's port for both TLS and plain HTTP: Resource Manager, sign-in, metadata, managed identity, and the
 * services' own routes. Nothing is logged, because requests carry tokens.
 */
export async function startGateway(
  context: LocalContext,
  controlPlane: ControlPlane,
  services: readonly LocalService[],
): Promise<Gateway> {
  const app = fastify({
    logger: false,
    // ARM's paths are not case-sensitive; parameters keep their spelling.
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 2048 },
    forceCloseConnections: true,
  });
  app.setErrorHandler(armErrorHandler(context));
  app.addHook("onRequest", async (request) => refuseOtherSites(context, request));
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      error: {
        code: "NotFound",
        message: `The emulator has nothing at ${request.method} ${request.url.split("?")[0]}.`,
      },
    }),
  );
  await app.register(armApi(context, controlPlane, services));
  await app.register(loginApi(context));
  await app.register(metadataApi(context));
  await app.register(identityApi(context));
  for (const service of services) {
    await app.register(async (scope) => service.routes?.(scope));
  }
  await app.ready();
  const { port } = new URL(context.httpsUrl);
  const server = await listenDual(Number(port), context.certificates, (request, response) =>
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
function refuseOtherSites(context: LocalContext, { headers }: FastifyRequest): void {
  const { port } = new URL(context.httpsUrl);
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes(headers.host ?? "")) {
    throw new ArmError(421, "MisdirectedRequest", `The emulator answers for ${own.join(" and ")} only.`);
  }
  if (headers.origin !== undefined && !own.some((host) => headers.origin?.endsWith(`://${host}`))) {
    throw new ArmError(403, "CrossOriginRequest", "The emulator answers only its own pages.");
  }
}
