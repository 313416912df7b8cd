import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { CodedError } from "../../kit/errors/coded-error";
import { ArmError, answerOf } from "./arm-error";
import type { LocalContext } from "./local-service";

/** Answers any error in Resource Manager's form. A 401 names the source of tokens, as in Azure. */
export function armErrorHandler(context: LocalContext) {
  return (error: FastifyError | Error, _request: FastifyRequest, reply: FastifyReply) => {
    const answer = toArmError(error);
    if (answer.status === 401) {
      reply.header(
        "www-authenticate",
        `Bearer authorization_uri="${context.httpsUrl}/${context.tenantId}", error="invalid_token", error_description="${answer.code}"`,
      );
    }
    return reply.code(answer.status).send(answer.body);
  };
}

/** Every error as an ARM error: the catalogue's with their code, Fastify's with their status, anything else as a 500. */
export function toArmError(error: FastifyError | Error): ArmError {
  if (error instanceof ArmError) return error;
  if (error instanceof CodedError) return answerOf(error, 500);
  const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  return new ArmError(status, status < 500 ? "InvalidRequestContent" : "InternalServerError", error.message);
}
