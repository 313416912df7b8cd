import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { CodedError } from "../../../../kit/errors/coded-error";
import { messageOf } from "../../../../kit/reason-of";
import { ArmError } from "../../../control-plane/arm-error";
import { authenticate } from "../../../control-plane/bearer";
import { ARM_AUDIENCE } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { SqlService } from "../sql-service";

const queryBody = z.object({ sql: z.string().min(1), parameters: z.array(z.unknown()).optional() });

interface QueryParams {
  server: string;
  database: string;
}

/** `POST /sql/<server>/<database>/query` with {sql, parameters?} → {rows}, for the deployer's tools. */
export function queryRoute(
  app: FastifyInstance,
  context: LocalContext,
  service: Pick<SqlService, "query">,
): void {
  app.post<{ Params: QueryParams }>("/sql/:server/:database/query", async (request) => {
    const principal = authenticate(context.tokens, request.headers, ARM_AUDIENCE);
    if (principal.objectId !== context.principals.deployer.objectId) {
      throw new ArmError(
        403,
        "AuthorizationFailed",
        `Only the deployer may query; this is '${principal.displayName}'.`,
      );
    }
    const body = queryBody.safeParse(request.body);
    if (!body.success)
      throw new ArmError(400, "InvalidRequestContent", "The body must be {sql, parameters?}.");
    const { server, database } = request.params;
    try {
      return { rows: await service.query(server, database, body.data.sql, body.data.parameters) };
    } catch (error) {
      throw answer(error);
    }
  });
}

/** A missing server or database is a 404; an error of the engine is the caller's mistake, a 400. */
function answer(error: unknown): ArmError {
  const message = messageOf(error);
  if (error instanceof CodedError) return new ArmError(404, error.code, `${message} ${error.next}`);
  return new ArmError(400, "SqlError", message);
}
