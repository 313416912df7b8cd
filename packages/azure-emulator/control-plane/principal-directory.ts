import { stableGuid } from "../../kit/stable-guid";
import type { DirectoryObjects, ServicePrincipal } from "./graph/directory-objects";
import type { Principal, PrincipalDirectory } from "./identity";
import type { ResourceStore } from "./resource";

/** The deployer as the folder stores it. */
export interface DeployerRecord {
  readonly objectId: string;
  readonly clientId: string;
  readonly secret: string;
}

const USER_ASSIGNED = "microsoft.managedidentity/userassignedidentities";

/** All principals of a folder: the deployer, the identity of each resource that has one, and the applications. */
export function createPrincipalDirectory(
  deployer: DeployerRecord,
  resources: ResourceStore,
  objects: Pick<DirectoryObjects, "now">,
): PrincipalDirectory {
  const byResource = new Map<string, Principal>();
  const byId = new Map<string, Principal>();
  const add = (principal: Principal) => {
    byId.set(principal.objectId, principal);
    byId.set(principal.clientId, principal);
    return principal;
  };
  const self = { ...deployer, displayName: "deployer", kind: "ServicePrincipal" as const };
  const { secret: _, ...publicSelf } = self;
  add(publicSelf);

  const ofApplication = (is: (item: ServicePrincipal) => boolean): Principal | undefined => {
    const found = objects.now.servicePrincipals.find(is);
    if (found === undefined) return undefined;
    const { id: objectId, appId: clientId, displayName } = found;
    return { objectId, clientId, displayName, kind: "ServicePrincipal" };
  };

  const directory: PrincipalDirectory = {
    deployer: self,
    byObjectId(objectId) {
      const principal = byId.get(objectId.toLowerCase());
      if (principal?.objectId === objectId.toLowerCase()) return principal;
      return ofApplication(({ id }) => id === objectId.toLowerCase());
    },
    byClientId(clientId) {
      const principal = byId.get(clientId.toLowerCase());
      if (principal?.clientId === clientId.toLowerCase()) return principal;
      return ofApplication(({ appId }) => appId === clientId.toLowerCase());
    },
    ofResource(resourceId, displayName) {
      const key = resourceId.toLowerCase();
      const known = byResource.get(key);
      if (known !== undefined) return known;
      const principal: Principal = {
        objectId: stableGuid(`principal ${key}`),
        clientId: stableGuid(`client ${key}`),
        displayName,
        kind: "ManagedIdentity",
      };
      byResource.set(key, principal);
      return add(principal);
    },
    forget(resourceId) {
      const principal = byResource.get(resourceId.toLowerCase());
      if (principal === undefined) return;
      byResource.delete(resourceId.toLowerCase());
      byId.delete(principal.objectId);
      byId.delete(principal.clientId);
    },
  };
  for (const resource of resources.list()) {
    const hasOwn = resource.identity?.principalId !== undefined;
    if (hasOwn || resource.type.toLowerCase() === USER_ASSIGNED)
      directory.ofResource(resource.id, resource.name);
  }
  return directory;
}
