import { randomBytes, randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { LocalContext } from "../local-service";
import type { Application, FederatedCredential, PasswordCredential } from "./directory-objects";
import { badRequest, GraphError, notFound } from "./graph-error";
import { bodyAs, byKey, GRAPH, listOf } from "./graph-request";
import { removeServicePrincipals } from "./service-principals";

const displayName = z.string().min(1).max(256);
const applicationBody = z.strictObject({
  displayName,
  signInAudience: z.literal("AzureADMyOrg").optional(),
  // Certificates are not kept; `az` sends an empty list.
  keyCredentials: z.tuple([]).optional(),
});
const federatedBody = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][\w-]{2,119}$/),
  issuer: z.url().max(600),
  subject: z.string().min(1).max(600),
  audiences: z.array(z.string().min(1).max(600)).length(1),
  description: z.string().max(600).nullish(),
});
const passwordBody = z.strictObject({
  passwordCredential: z
    .strictObject({
      displayName: z.string().nullish(),
      startDateTime: z.iso.datetime({ offset: true }).optional(),
      endDateTime: z.iso.datetime({ offset: true }).optional(),
    })
    .optional(),
});

/** learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const MOST_FEDERATED = 20;
const TWO_YEARS_MS = 2 * 365 * 86_400_000;

/** `applications` with `federatedIdentityCredentials`, `addPassword` and `removePassword`. */
export function applicationRoutes(app: FastifyInstance, { directory }: LocalContext): void {
  const find = (key: string): Application => byKey(directory.now.applications, key);
  const replace = (application: Application) =>
    directory.change((content) => ({
      ...content,
      applications: content.applications.map((item) => (item.id === application.id ? application : item)),
    }));
  type Of<Params> = { Params: Params };
  type OfApplication = Of<{ id: string }>;
  type OfCredential = Of<{ id: string; credential: string }>;

  app.get(`${GRAPH}/applications`, async (request) =>
    listOf(request, "applications", directory.now.applications.map(shown)),
  );
  app.post(`${GRAPH}/applications`, async (request, reply) => {
    const body = bodyAs(applicationBody, request);
    const application: Application = {
      id: randomUUID(),
      appId: randomUUID(),
      displayName: body.displayName,
      createdDateTime: new Date().toISOString(),
      passwords: [],
      federated: [],
    };
    await directory.change((content) => ({
      ...content,
      applications: [...content.applications, application],
    }));
    return reply.code(201).send(shown(application));
  });
  for (const path of [`${GRAPH}/applications/:id`, `${GRAPH}/applications:id`]) {
    app.get<OfApplication>(path, async ({ params }) => shown(find(params.id)));
    app.patch<OfApplication>(path, async (request, reply) => {
      const application = find(request.params.id);
      await replace({
        ...application,
        ...bodyAs(z.strictObject({ displayName }).partial(), request),
      } as Application);
      return reply.code(204).send();
    });
    app.delete<OfApplication>(path, async ({ params }, reply) => {
      const { id, appId } = find(params.id);
      await removeServicePrincipals(directory, appId);
      await directory.change((content) => ({
        ...content,
        applications: content.applications.filter((item) => item.id !== id),
      }));
      return reply.code(204).send();
    });
  }

  app.post<OfApplication>(`${GRAPH}/applications/:id/addPassword`, async (request) => {
    const application = find(request.params.id);
    const { passwordCredential: wanted = {} } = bodyAs(passwordBody, request);
    const credential: PasswordCredential = {
      keyId: randomUUID(),
      displayName: wanted.displayName ?? null,
      secretText: randomBytes(30).toString("base64url"),
      startDateTime: wanted.startDateTime ?? new Date().toISOString(),
      endDateTime: wanted.endDateTime ?? new Date(Date.now() + TWO_YEARS_MS).toISOString(),
    };
    await replace({ ...application, passwords: [...application.passwords, credential] });
    // The only time that the secret is shown.
    return credential;
  });
  app.post<OfApplication>(`${GRAPH}/applications/:id/removePassword`, async (request, reply) => {
    const application = find(request.params.id);
    const { keyId } = bodyAs(z.strictObject({ keyId: z.string() }), request);
    const passwords = application.passwords.filter((item) => item.keyId !== keyId);
    if (passwords.length === application.passwords.length)
      throw badRequest(`No password credential found with keyId '${keyId}'.`);
    await replace({ ...application, passwords });
    return reply.code(204).send();
  });

  const credentials = `${GRAPH}/applications/:id/federatedIdentityCredentials`;
  const credentialOf = (application: Application, name: string): FederatedCredential => {
    const found = application.federated.find((item) => item.id === name || item.name === name);
    if (found === undefined) throw notFound(name);
    return found;
  };
  app.get<OfApplication>(credentials, async (request) =>
    listOf(request, "federatedIdentityCredentials", find(request.params.id).federated),
  );
  app.post<OfApplication>(credentials, async (request, reply) => {
    const application = find(request.params.id);
    const body = bodyAs(federatedBody, request);
    const credential = { id: randomUUID(), ...body, description: body.description ?? null };
    requireRoom(application, credential);
    await replace({ ...application, federated: [...application.federated, credential] });
    return reply.code(201).send(credential);
  });
  app.get<OfCredential>(`${credentials}/:credential`, async ({ params }) =>
    credentialOf(find(params.id), params.credential),
  );
  app.patch<OfCredential>(`${credentials}/:credential`, async (request, reply) => {
    const application = find(request.params.id);
    const before = credentialOf(application, request.params.credential);
    const changes = bodyAs(federatedBody.omit({ name: true }).partial(), request);
    const credential = { ...before, ...changes } as FederatedCredential;
    const federated = application.federated.filter((item) => item !== before);
    requireRoom({ ...application, federated }, credential);
    await replace({ ...application, federated: [...federated, credential] });
    return reply.code(204).send();
  });
  app.delete<OfCredential>(`${credentials}/:credential`, async ({ params }, reply) => {
    const application = find(params.id);
    const credential = credentialOf(application, params.credential);
    await replace({ ...application, federated: application.federated.filter((item) => item !== credential) });
    return reply.code(204).send();
  });
}

function requireRoom({ federated }: Application, { name, issuer, subject }: FederatedCredential): void {
  if (federated.length >= MOST_FEDERATED)
    throw badRequest(`An application has at most ${MOST_FEDERATED} federated identity credentials.`);
  if (federated.some((item) => item.name === name || (item.issuer === issuer && item.subject === subject)))
    throw new GraphError(
      409,
      "Request_MultipleObjectsWithSameKeyValue",
      "FederatedIdentityCredential with name, or with issuer and subject, already exists.",
    );
}

/** An application as Graph shows it: no secret. */
function shown({ id, appId, displayName: name, createdDateTime, passwords }: Application) {
  return {
    id,
    appId,
    displayName: name,
    createdDateTime,
    signInAudience: "AzureADMyOrg",
    identifierUris: [],
    keyCredentials: [],
    passwordCredentials: passwords.map(({ secretText, ...rest }) => ({
      ...rest,
      hint: secretText.slice(0, 3),
      secretText: null,
    })),
  };
}
