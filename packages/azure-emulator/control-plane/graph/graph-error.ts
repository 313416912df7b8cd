import { randomUUID } from "node:crypto";

/** An error in Microsoft Graph's form (learn.microsoft.com/graph/errors). */
export class GraphError extends Error {
  override readonly name = "GraphError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  get body() {
    const id = randomUUID();
    const innerError = {
      date: new Date().toISOString().slice(0, 19),
      "request-id": id,
      "client-request-id": id,
    };
    return { error: { code: this.code, message: this.message, innerError } };
  }
}

export const badRequest = (message: string) => new GraphError(400, "Request_BadRequest", message);

export const notFound = (id: string) =>
  new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
