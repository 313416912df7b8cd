import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { LocalContext } from "../local-service";
import type { DirectoryObjects, ServicePrincipal } from "./directory-objects";
import { badRequest, GraphError } from "./graph-error";
import { bodyAs, byKey, GRAPH, listOf } from "./graph-request";

const servicePrincipalBody = z.strictObject({
  appId: z.string(),
  accountEnabled: z.literal(true).optional(),
});

/** `servicePrincipals`: the deployer's, which is always there, and one for each application that has one. */
export function servicePrincipalRoutes(app: FastifyInstance, { directory, principals }: LocalContext): void {
  const { deployer } = principals;
  const own: ServicePrincipal = {
    id: deployer.objectId,
    appId: deployer.clientId,
    displayName: deployer.displayName,
  };
  const all = () => [own, ...directory.now.servicePrincipals];
  const find = (key: string): ServicePrincipal => byKey(all(), key);
  app.get(`${GRAPH}/servicePrincipals`, async (request) =>
    listOf(request, "servicePrincipals", all().map(shown)),
  );
  app.post(`${GRAPH}/servicePrincipals`, async (request, reply) => {
    const { appId } = bodyAs(servicePrincipalBody, request);
    const application = directory.applicationByClientId(appId);
    if (application === undefined)
      throw badRequest(
        `When using this permission, the backing application of the service principal being created must in the local tenant: '${appId}' is not there.`,
      );
    if (all().some((item) => item.appId === application.appId))
      throw new GraphError(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      );
    const made = { id: randomUUID(), appId: application.appId, displayName: application.displayName };
    await directory.change((content) => ({
      ...content,
      servicePrincipals: [...content.servicePrincipals, made],
    }));
    return reply.code(201).send(shown(made));
  });
  for (const path of [`${GRAPH}/servicePrincipals/:id`, `${GRAPH}/servicePrincipals:id`]) {
    app.get<{ Params: { id: string } }>(path, async ({ params }) => shown(find(params.id)));
    app.delete<{ Params: { id: string } }>(path, async ({ params }, reply) => {
      const { appId } = find(params.id);
      if (appId === own.appId) throw badRequest("The emulator's deployer cannot be deleted.");
      await removeServicePrincipals(directory, appId);
      return reply.code(204).send();
    });
  }
}

/** Removes an application's service principal, and with it what it may do; groups no longer have it as a member. */
export async function removeServicePrincipals(directory: DirectoryObjects, appId: string): Promise<void> {
  const gone = new Set(
    directory.now.servicePrincipals.filter((item) => item.appId === appId).map(({ id }) => id),
  );
  if (gone.size === 0) return;
  await directory.change((content) => ({
    ...content,
    servicePrincipals: content.servicePrincipals.filter(({ id }) => !gone.has(id)),
    groups: content.groups.map((group) => ({
      ...group,
      members: group.members.filter((id) => !gone.has(id)),
    })),
  }));
}

const shown = (principal: ServicePrincipal) => ({
  ...principal,
  appDisplayName: principal.displayName,
  accountEnabled: true,
  servicePrincipalType: "Application",
  servicePrincipalNames: [principal.appId],
});
