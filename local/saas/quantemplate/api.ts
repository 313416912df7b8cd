import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bearerToken } from "../../../packages/azure-emulator/control-plane/bearer";
import { type AccessTokens, tokenLifetime } from "./access-tokens";
import { playFault } from "./broken-answer";
import type { DatasetStore, StoredDataset } from "./dataset-store";
import type { FaultPlan } from "./fault-plan";
import type { OrganisationStore } from "./organisation-store";
import { bodyText } from "./request-body";

export interface ApiDependencies {
  readonly organisations: OrganisationStore;
  readonly datasets: DatasetStore;
  readonly tokens: AccessTokens;
  readonly faults: FaultPlan;
}

const tokenPath = "/quantemplate/auth/realms/qt/protocol/openid-connect/token";
const datasetPath = "/quantemplate/v1/organisations/:organisation/datasets/:dataset";

/** The API for Quantemplate's customers: sign-in as with Keycloak, and the download of a dataset. */
export function apiRoutes(app: FastifyInstance, dependencies: ApiDependencies): void {
  app.post(tokenPath, (request, reply) => signIn(request, reply, dependencies));
  app.get<{
    Params: { organisation: string; dataset: string };
    Querystring: { version?: string };
  }>(datasetPath, async (request, reply) => {
    reply.header("x-qt-trace-id", traceId(request));
    const { organisation, dataset: id } = request.params;
    const { datasets, faults, tokens } = dependencies;
    const { version } = request.query;
    const dataset = datasets.get(organisation, id, version === undefined ? undefined : Number(version));
    const fault = faults.take(organisation, "dataset", id);
    if (fault?.lastsSeconds !== undefined) tokens.age(fault.lastsSeconds);
    if (fault !== undefined && (await playFault(fault, reply, () => read(datasets, organisation, dataset))))
      return reply;

    const speaker = tokens.verify(bearerToken(request.headers) ?? "");
    if (speaker === undefined)
      return plain(reply, 401, "Unauthorized: the access token is missing, invalid or expired.");
    if (speaker !== organisation)
      return plain(reply, 403, `Forbidden: no access to organisation ${organisation}.`);
    if (dataset === undefined) {
      const message =
        version === undefined ? `Dataset ${id} not found.` : `Version ${version} of dataset ${id} not found.`;
      return reply.code(404).send({ status: 404, error: "Not Found", message });
    }
    if (dataset.bytes === 0) return reply.code(204).send();
    return reply.type("text/csv; charset=utf-8").send(open(datasets, organisation, dataset));
  });
}

async function signIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { organisations, tokens, faults }: ApiDependencies,
) {
  const form = new URLSearchParams(await bodyText(request));
  const [clientId, clientSecret] = [form.get("client_id") ?? "", form.get("client_secret") ?? ""];
  const organisation = organisations.ofClient(clientId, clientSecret);
  // A fault breaks the answer for every caller: the client id alone says whose fault plan applies.
  const fault = faults.take(organisations.idOfClient(clientId) ?? "", "token");
  if (fault !== undefined && (await playFault(fault, reply, () => Readable.from([])))) return reply;

  const isForm = /^application\/x-www-form-urlencoded/i.test(request.headers["content-type"] ?? "");
  const grant = isForm ? form.get("grant_type") : null;
  if (grant === null) return oauthError(reply, 400, "invalid_request", "Missing form parameter: grant_type");
  if (grant !== "client_credentials")
    return oauthError(reply, 400, "unsupported_grant_type", "Unsupported grant_type");
  if (organisation === undefined)
    return oauthError(reply, 401, "invalid_client", "Invalid client or Invalid client credentials");
  return reply.header("cache-control", "no-store").send({
    access_token: tokens.issue(organisation.id),
    expires_in: tokenLifetime,
    refresh_expires_in: 0,
    token_type: "Bearer",
    "not-before-policy": 0,
    scope: "",
  });
}

function oauthError(reply: FastifyReply, status: number, error: string, error_description: string) {
  return reply.code(status).send({ error, error_description });
}

function plain(reply: FastifyReply, status: number, text: string) {
  return reply.code(status).type("text/plain; charset=utf-8").send(text);
}

/** Returns the caller's own trace id, so that both sides' logs can be matched. */
function traceId(request: FastifyRequest): string {
  const given = String(request.headers["x-qt-trace-id"] ?? "");
  return /^[\w-]{1,100}$/.test(given) ? given : randomUUID();
}

function open(datasets: DatasetStore, organisation: string, dataset: StoredDataset): fs.ReadStream {
  return fs.createReadStream(datasets.pathOf(organisation, dataset), { highWaterMark: 256 * 1024 });
}

function read(
  datasets: DatasetStore,
  organisation: string,
  dataset: StoredDataset | undefined,
): AsyncIterable<Buffer> {
  return dataset === undefined ? Readable.from([]) : open(datasets, organisation, dataset);
}
