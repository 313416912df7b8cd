import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { QtError } from "../../../errors/qt-error";
import type { FlowLog } from "../../../packages/azure-emulator/control-plane/flow-log";
import { CodedError } from "../../../packages/kit/errors/coded-error";
import { messageOf } from "../../../packages/kit/reason-of";
import type { ConnectionConfig, ConnectionStore } from "./connection-store";
import { testConnection } from "./connection-test";
import { SyncFailure, syncConnection } from "./sync";

type Named = { Params: { name: string } };

/** HTTP status by error; every other error is the function's fault or breaks the protocol. */
const STATUS: Readonly<Record<string, number>> = { QT8501: 404, QT8502: 409, QT8506: 404, QT8507: 400 };

/** The endpoints of the local Fivetran, below `/fivetran/connections/<name>`. */
export function fivetranRoutes(app: FastifyInstance, store: ConnectionStore, flow: FlowLog): void {
  const syncing = new Set<string>();

  /** Runs one sync, test or state change at a time. */
  async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (syncing.has(name)) throw new QtError("QT8502", { connection: name });
    syncing.add(name);
    try {
      return await work();
    } finally {
      syncing.delete(name);
    }
  }

  // Bodies stay text, so that a state comes back unchanged, to the last digit.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => sendError(reply, error));

  app.put<Named>("/:name", async ({ params: { name }, body }) => {
    const config = configOf(objectOf(body, "a connection"));
    await store.putConfig(name, config);
    return status(store, name, false);
  });
  app.get<Named>("/:name", ({ params: { name } }) => status(store, name, syncing.has(name)));
  app.post<Named>("/:name/test", ({ params: { name } }) => alone(name, () => testConnection(name, store)));
  app.post<Named>("/:name/sync", ({ params: { name } }) =>
    alone(name, async () => {
      await store.config(name);
      return syncConnection(name, { store, flow });
    }),
  );
  app.post<Named>("/:name/resync", ({ params: { name } }) =>
    alone(name, async () => {
      await store.config(name);
      await store.putState(name, "{}");
      return syncConnection(name, { store, flow });
    }),
  );
  app.get<Named>("/:name/state", async ({ params: { name } }, reply) =>
    reply.type("application/json").send(await store.state(name)),
  );
  app.put<Named>("/:name/state", ({ params: { name }, body }) =>
    alone(name, async () => {
      await store.config(name);
      objectOf(body, "a state");
      await store.putState(name, String(body));
      return { status: "stored" };
    }),
  );
  app.get<{ Params: { name: string; table: string }; Querystring: { deleted?: string } }>(
    "/:name/tables/:table",
    async (
      {
        params: { name, table },
        query,
      }: FastifyRequest<{ Params: { name: string; table: string }; Querystring: { deleted?: string } }>,
      reply,
    ) => {
      await store.config(name);
      const rows = await store.rows(name, table, query.deleted === "true");
      return reply.type("application/json").send(Readable.from(arrayText(rows)));
    },
  );
}

/** A JSON array, in chunks large enough to be worth a write. */
async function* arrayText(rows: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = "[";
  let separator = "";
  for await (const row of rows) {
    chunk += separator + row;
    separator = ",\n";
    if (chunk.length < 1 << 16) continue;
    yield chunk;
    chunk = "";
  }
  yield `${chunk}]`;
}

/** The connection's status, without the key and the secrets. */
async function status(store: ConnectionStore, name: string, syncing: boolean) {
  const { functionUrl, customPayload } = await store.config(name);
  return {
    name,
    functionUrl,
    customPayload,
    syncing,
    monthlyActiveRows: await store.monthlyActiveRows(name),
    tables: await store.tables(name),
  };
}

function objectOf(body: unknown, purpose: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(String(body));
  } catch {
    throw new QtError("QT8507", { purpose, reason: "it is not JSON" });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new QtError("QT8507", { purpose, reason: "it is not a JSON object" });
}

function configOf(body: Record<string, unknown>): ConnectionConfig {
  const { functionUrl, functionKey, secrets = {}, customPayload = {} } = body;
  const purpose = "a connection";
  if (typeof functionUrl !== "string" || !URL.canParse(functionUrl)) {
    throw new QtError("QT8507", { purpose, reason: "functionUrl is not a URL" });
  }
  if (typeof functionKey !== "string")
    throw new QtError("QT8507", { purpose, reason: "functionKey is missing" });
  return {
    functionUrl,
    functionKey,
    secrets: objectOf(JSON.stringify(secrets), purpose),
    customPayload: objectOf(JSON.stringify(customPayload), purpose),
  };
}

function sendError(reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = thrown instanceof SyncFailure ? thrown.cause : thrown;
  const report = thrown instanceof SyncFailure ? { report: thrown.report } : {};
  if (!(error instanceof CodedError)) {
    const message = messageOf(error);
    return reply.status(500).send({ error: { code: "InternalError", message }, ...report });
  }
  const { code, message, safe, next } = error;
  return reply.status(STATUS[code] ?? 502).send({ error: { code, message, safe, next }, ...report });
}
