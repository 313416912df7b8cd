import type { ArmResource } from "../../../control-plane/resource";
import { sameId } from "../../../control-plane/resource-id";
import {
  accountOf,
  CONTAINER_TYPE,
  newContainer,
  requireContainerName,
  touched,
} from "../resources/container";
import type { BlobCall, BlobServer } from "./blob-call";
import { blobError, notSupported } from "./blob-error";
import { blobListXml, containerListXml } from "./blob-xml";
import { conditionsOf, requireForWrite } from "./conditions";
import { listQueryOf, pageOf } from "./list-page";
import { metadataOf, metadataReply } from "./metadata";
import { changing, stamp } from "./writing";

/** The container of a request. @throws blob error ContainerNotFound */
export function requireContainer({ containerId }: BlobCall, { context }: BlobServer): ArmResource {
  const container = context.resources.get(containerId);
  if (container === undefined) throw blobError("ContainerNotFound");
  return container;
}

/** Create Container. Source: learn.microsoft.com/rest/api/storageservices/create-container. */
export async function createContainer(call: BlobCall, { context }: BlobServer): Promise<void> {
  const { containerId, header, path, reply, request } = call;
  requireContainerName(path.container, () => blobError("InvalidResourceName"));
  // As an account answers that does not allow it, which is the default.
  if (header("x-ms-blob-public-access") !== undefined)
    throw notSupported("public access (x-ms-blob-public-access)");
  const metadata = metadataOf(request.raw.rawHeaders);
  await changing(call, async () => {
    if (context.resources.get(containerId) !== undefined) throw blobError("ContainerAlreadyExists");
    const container = newContainer(containerId, path.container, { metadata });
    await context.resources.set(container);
    reply.code(201).headers(stampOf(container));
  });
  reply.send();
}

/** Get Container Properties, and Get Container Metadata. Source: learn.microsoft.com/rest/api/storageservices/get-container-properties. */
export async function getContainerProperties(call: BlobCall, server: BlobServer): Promise<void> {
  const container = requireContainer(call, server);
  call.reply.headers({
    ...stampOf(container),
    ...metadataReply(metadataIn(container)),
    "x-ms-lease-status": "unlocked",
    "x-ms-lease-state": "available",
    "x-ms-has-immutability-policy": "false",
    "x-ms-has-legal-hold": "false",
    "x-ms-default-encryption-scope": "$account-encryption-key",
    "x-ms-deny-encryption-scope-override": "false",
  });
  call.reply.send();
}

/** Set Container Metadata. Source: learn.microsoft.com/rest/api/storageservices/set-container-metadata. */
export async function setContainerMetadata(call: BlobCall, server: BlobServer): Promise<void> {
  const metadata = metadataOf(call.request.raw.rawHeaders);
  await changing(call, async () => {
    const present = requireContainer(call, server);
    requireForWrite(conditionsOf(call.header), stampParts(present));
    const container = touched(present, { metadata });
    await server.context.resources.set(container);
    call.reply.headers(stampOf(container));
  });
  call.reply.send();
}

/** Delete Container, with its blobs. Source: learn.microsoft.com/rest/api/storageservices/delete-container. */
export async function deleteContainer(call: BlobCall, server: BlobServer): Promise<void> {
  const { context, blobs } = server;
  await changing(call, async () => {
    const container = requireContainer(call, server);
    requireForWrite(conditionsOf(call.header), stampParts(container));
    // Roles that are assigned at the container go with it.
    for (const { id } of context.resources.list({ under: container.id })) await context.resources.remove(id);
    await blobs.removeContainer(call.path.account, call.path.container);
  });
  call.reply.code(202).send();
}

/** What a list may be asked to include; those that are `true` never exist here, so a list without them is complete. */
const inclusions = new Map([
  ["", true],
  ["metadata", true],
  ["copy", true],
  ["deleted", true],
  ["deletedwithversions", true],
  ["snapshots", true],
  ["tags", true],
  ["versions", true],
  ["immutabilitypolicy", true],
  ["legalhold", true],
  ["system", true],
  ["permissions", false],
  ["uncommittedblobs", false],
]);

function inclusionsOf(query: URLSearchParams): string[] {
  const wanted = (query.get("include") ?? "").toLowerCase().split(",");
  for (const name of wanted) {
    const known = inclusions.get(name);
    if (known === undefined) throw blobError("InvalidQueryParameterValue", `include=${name}`);
    if (!known) throw notSupported(`a list with include=${name}`);
  }
  return wanted;
}

/** List Blobs. Source: learn.microsoft.com/rest/api/storageservices/list-blobs. */
export async function listBlobs(call: BlobCall, server: BlobServer): Promise<void> {
  const { account, container, query } = call.path;
  requireContainer(call, server);
  for (const name of ["showonly", "startfrom", "endbefore"])
    if (query.has(name)) throw notSupported(`a list with ${name}`);
  const withMetadata = inclusionsOf(query).includes("metadata");
  const page = pageOf(await server.blobs.list(account, container), listQueryOf(query));
  const endpoint = endpointOf(call);
  call.reply
    .type("application/xml")
    .send(blobListXml({ endpoint, container, asked: query, page, withMetadata }));
}

/** List Containers. Source: learn.microsoft.com/rest/api/storageservices/list-containers2. */
export async function listContainers(call: BlobCall, { context }: BlobServer): Promise<void> {
  const { query } = call.path;
  const withMetadata = inclusionsOf(query).includes("metadata");
  const containers = context.resources
    .list({ type: CONTAINER_TYPE, under: call.account.id })
    .filter(({ id }) => sameId(accountOf(id), call.account.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = pageOf(containers, listQueryOf(query));
  const xml = containerListXml(endpointOf(call), query, page, withMetadata ? metadataIn : undefined);
  call.reply.type("application/xml").send(xml);
}

function endpointOf({ account }: BlobCall): string {
  return (account.properties.primaryEndpoints as { readonly blob: string }).blob;
}

function metadataIn({ properties }: ArmResource): Readonly<Record<string, string>> {
  return (properties.metadata ?? {}) as Record<string, string>;
}

function stampParts({ properties }: ArmResource) {
  return {
    etag: String(properties.etag),
    lastModified: new Date(String(properties.lastModifiedTime)).toUTCString(),
  };
}

function stampOf(container: ArmResource) {
  return stamp(stampParts(container));
}
