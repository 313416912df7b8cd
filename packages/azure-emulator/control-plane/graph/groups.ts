import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { LocalContext } from "../local-service";
import type { Group } from "./directory-objects";
import { badRequest, notFound } from "./graph-error";
import { bodyAs, GRAPH, listOf } from "./graph-request";

const groupBody = z.strictObject({
  displayName: z.string().min(1).max(256),
  mailNickname: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  mailEnabled: z.literal(false),
  securityEnabled: z.literal(true),
  description: z.string().max(1024).nullish(),
});

/** `groups`, security groups only, and their members. */
export function groupRoutes(app: FastifyInstance, { directory, principals }: LocalContext): void {
  const find = (id: string): Group => {
    const found = directory.now.groups.find((item) => item.id === id.toLowerCase());
    if (found === undefined) throw notFound(id);
    return found;
  };
  const replace = (group: Group) =>
    directory.change((content) => ({
      ...content,
      groups: content.groups.map((item) => (item.id === group.id ? group : item)),
    }));
  const isKnown = (id: string) =>
    principals.byObjectId(id) !== undefined || directory.now.groups.some((group) => group.id === id);
  type OfGroup = { Params: { id: string } };

  app.get(`${GRAPH}/groups`, async (request) => listOf(request, "groups", directory.now.groups.map(shown)));
  app.post(`${GRAPH}/groups`, async (request, reply) => {
    const { displayName, mailNickname, description = null } = bodyAs(groupBody, request);
    const createdDateTime = new Date().toISOString();
    const group: Group = {
      id: randomUUID(),
      displayName,
      mailNickname,
      description,
      createdDateTime,
      members: [],
    };
    await directory.change((content) => ({ ...content, groups: [...content.groups, group] }));
    return reply.code(201).send(shown(group));
  });
  app.get<OfGroup>(`${GRAPH}/groups/:id`, async ({ params }) => shown(find(params.id)));
  app.delete<OfGroup>(`${GRAPH}/groups/:id`, async ({ params }, reply) => {
    const { id } = find(params.id);
    await directory.change((content) => ({
      ...content,
      groups: content.groups
        .filter((group) => group.id !== id)
        .map((group) => ({ ...group, members: group.members.filter((member) => member !== id) })),
    }));
    return reply.code(204).send();
  });
  app.get<OfGroup>(`${GRAPH}/groups/:id/members`, async (request) =>
    listOf(
      request,
      "directoryObjects",
      find(request.params.id).members.map((id) => ({
        "@odata.type": directory.now.groups.some((group) => group.id === id)
          ? "#microsoft.graph.group"
          : "#microsoft.graph.servicePrincipal",
        id,
        displayName:
          principals.byObjectId(id)?.displayName ??
          directory.now.groups.find((group) => group.id === id)?.displayName ??
          null,
      })),
    ),
  );
  app.post<OfGroup>(`${GRAPH}/groups/:id/members/$ref`, async (request, reply) => {
    const group = find(request.params.id);
    const { "@odata.id": reference } = bodyAs(z.strictObject({ "@odata.id": z.string() }), request);
    const id = /\/(?:directoryObjects|servicePrincipals|groups|users)\/([0-9a-f-]{36})$/i
      .exec(reference)?.[1]
      ?.toLowerCase();
    if (id === undefined || !isKnown(id)) throw notFound(id ?? reference);
    if (group.members.includes(id))
      throw badRequest(
        "One or more added object references already exist for the following modified properties: 'members'.",
      );
    await replace({ ...group, members: [...group.members, id] });
    return reply.code(204).send();
  });
  app.delete<{ Params: { id: string; member: string } }>(
    `${GRAPH}/groups/:id/members/:member/$ref`,
    async ({ params }, reply) => {
      const group = find(params.id);
      const member = params.member.toLowerCase();
      if (!group.members.includes(member)) throw notFound(member);
      await replace({ ...group, members: group.members.filter((id) => id !== member) });
      return reply.code(204).send();
    },
  );
}

const shown = ({ members: _, ...group }: Group) => ({
  ...group,
  groupTypes: [],
  mailEnabled: false,
  securityEnabled: true,
});
