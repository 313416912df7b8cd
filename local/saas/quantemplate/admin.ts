import fs from "node:fs";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { DatasetStore } from "./dataset-store";
import type { Deliveries } from "./deliveries";
import { datasetUpdated } from "./event";
import { type FaultPlan, faultSchema } from "./fault-plan";
import type { OrganisationStore } from "./organisation-store";
import { bodyStream, bodyText } from "./request-body";

export interface AdminDependencies {
  readonly organisations: OrganisationStore;
  readonly datasets: DatasetStore;
  readonly faults: FaultPlan;
  readonly deliveries: Deliveries;
}

/** Ids become file names and parts of URLs. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const base = "/quantemplate/admin/organisations/:organisation";

const apiClient = { clientId: z.string().min(1), clientSecret: z.string().min(1) };
const clientSchema = z.object({
  ...apiClient,
  /** A client that is valid too, while whoever signs in changes to the other. */
  former: z.object(apiClient).optional(),
});
const webAddress = z.url({ protocol: /^https?$/ });
const subscriptionSchema = z.union([
  z.strictObject({ url: webAddress }).transform(({ url }) => [url]),
  z.strictObject({ urls: z.array(webAddress) }).transform(({ urls }) => urls),
]);

type OrganisationRequest = FastifyRequest<{ Params: { organisation: string } }>;
type DatasetRequest = FastifyRequest<{
  Params: { organisation: string; dataset: string; version?: string };
  Querystring: { event?: string };
}>;

/** The administration of the local Quantemplate, for tests and demonstrations: sets data and clients, sends events, breaks answers. */
export function adminRoutes(app: FastifyInstance, dependencies: AdminDependencies): void {
  const { organisations, datasets, faults, deliveries } = dependencies;
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const refused =
      error instanceof RangeError || error instanceof z.ZodError || error instanceof SyntaxError;
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return reply.code(refused ? 400 : (error.statusCode ?? 500)).send({ error: message });
  });
  app.addHook("onRequest", async (request, reply) => {
    const ids = Object.values(request.params as Record<string, string>);
    if (ids.every((id) => idPattern.test(id))) return;
    return reply.code(400).send({ error: `An id must match ${idPattern.source}.` });
  });

  app.put(base, async (request: OrganisationRequest) => {
    const { organisation } = request.params;
    const { former, ...client } = clientSchema.parse(JSON.parse(await bodyText(request)));
    organisations.setClient(organisation, client, former);
    return { organisationId: organisation, clientId: client.clientId };
  });

  app.put(`${base}/subscriptions`, async (request: OrganisationRequest) => {
    const urls = subscriptionSchema.parse(JSON.parse(await bodyText(request)));
    organisations.subscribe(request.params.organisation, urls);
    return { subscriptions: urls.length };
  });

  app.get(`${base}/datasets`, async (request: OrganisationRequest) => ({
    value: datasets
      .list(request.params.organisation)
      .map(({ id, version, bytes, updatedAt }) => ({ id, version, bytes, updatedAt })),
  }));
  app.put(`${base}/datasets/:dataset`, (request: DatasetRequest, reply) =>
    replaceDataset(request, reply, dependencies),
  );
  app.get(`${base}/datasets/:dataset`, async (request: DatasetRequest, reply) => {
    const { organisation, dataset } = request.params;
    const found = datasets.get(organisation, dataset);
    if (found === undefined) return reply.code(404).send({ error: `There is no dataset ${dataset}.` });
    return reply
      .type("text/csv; charset=utf-8")
      .send(fs.createReadStream(datasets.pathOf(organisation, found)));
  });
  app.delete(`${base}/datasets/:dataset`, async (request: DatasetRequest, reply) => {
    datasets.remove(request.params.organisation, request.params.dataset);
    return reply.code(204).send();
  });

  app.delete(`${base}/datasets/:dataset/versions/:version`, async (request: DatasetRequest, reply) => {
    const { organisation, dataset, version } = request.params;
    if (datasets.get(organisation, dataset)?.version === Number(version))
      return reply.code(409).send({ error: `Version ${version} is the latest; remove the dataset instead.` });
    datasets.remove(organisation, dataset, Number(version));
    return reply.code(204).send();
  });

  // Any body is sent as it is: PipelineCompleted, a duplicate, an unknown name, invalid JSON.
  app.post(`${base}/events`, async (request: OrganisationRequest) => {
    const body = await bodyText(request);
    const urls = organisations.get(request.params.organisation)?.subscriptions ?? [];
    const posted = deliveries.post(urls, body, request.headers["content-type"]);
    return { eventId: posted.eventId, delivered: await posted.send() };
  });

  app.get(`${base}/faults`, async (request: OrganisationRequest) => ({
    value: faults.list(request.params.organisation),
  }));
  app.post(`${base}/faults`, async (request: OrganisationRequest, reply) => {
    const fault = faultSchema.parse(JSON.parse(await bodyText(request)));
    faults.add(request.params.organisation, fault);
    return reply.code(201).send(fault);
  });
  app.delete(`${base}/faults`, async (request: OrganisationRequest, reply) => {
    faults.clear(request.params.organisation);
    return reply.code(204).send();
  });
}

/** The event is in the outbox before readers see the new data: after a kill in between, an event may be sent in vain, but none is lost. */
async function replaceDataset(
  request: DatasetRequest,
  reply: FastifyReply,
  { organisations, datasets, deliveries }: AdminDependencies,
) {
  const { organisation, dataset } = request.params;
  const upload = await datasets.upload(organisation, dataset, bodyStream(request));
  if (request.query.event === "false") {
    upload.commit();
    return reply.send({ eventId: null, bytes: upload.bytes, delivered: [] });
  }
  const urls = organisations.get(organisation)?.subscriptions ?? [];
  const posted = deliveries.post(urls, JSON.stringify(datasetUpdated(dataset)));
  upload.commit();
  return reply.send({ eventId: posted.eventId, bytes: upload.bytes, delivered: await posted.send() });
}
