import { armApi } from "./arm-api";
import { type Door, openDoor } from "./door";
import { armErrorHandler } from "./error-replies";
import { graphApi } from "./graph/graph-api";
import { identityApi } from "./identity-endpoint";
import type { ControlPlane, LocalContext, LocalService } from "./local-service";
import { loginApi } from "./login-api";
import { metadataApi } from "./metadata-api";

/** Listens on the context's port: Resource Manager, sign-in, metadata, managed identity, and the services' own routes. */
export async function startGateway(
  context: LocalContext,
  controlPlane: ControlPlane,
  services: readonly LocalService[],
): Promise<Door> {
  return openDoor(
    context,
    Number(new URL(context.httpsUrl).port),
    async (app) => {
      app.setErrorHandler(armErrorHandler(context));
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
      await app.register(graphApi(context));
      await app.register(identityApi(context));
      for (const service of services) {
        await app.register(async (scope) => service.routes?.(scope));
      }
      // Clients that put an id behind a slash call `//subscriptions/…`, which Azure takes.
    },
    { ignoreDuplicateSlashes: true },
  );
}
