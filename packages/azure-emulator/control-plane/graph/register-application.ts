import { randomUUID } from "node:crypto";
import { stableGuid } from "../../../kit/stable-guid";
import type { Application, DirectoryObjects } from "./directory-objects";

/** An application that exists outside the emulator, so that the host knows its ids. */
export interface KnownApplication {
  readonly clientId: string;
  /** The object id of its service principal. */
  readonly objectId: string;
  readonly displayName: string;
  readonly secret: string;
}

const FOREVER = "9999-12-31T00:00:00Z";

/** Makes sure that the directory has the application with its service principal, and that this secret signs it in. */
export function registerApplication(
  directory: Pick<DirectoryObjects, "change">,
  { clientId, objectId, displayName, secret }: KnownApplication,
): Promise<void> {
  const [appId, id] = [clientId.toLowerCase(), objectId.toLowerCase()];
  const now = new Date().toISOString();
  const application: Application = {
    id: stableGuid(`application object ${appId}`),
    appId,
    displayName,
    createdDateTime: now,
    passwords: [
      {
        keyId: randomUUID(),
        displayName: null,
        secretText: secret,
        startDateTime: now,
        endDateTime: FOREVER,
      },
    ],
    federated: [],
  };
  return directory.change((content) => ({
    ...content,
    applications: [...content.applications.filter((one) => one.appId !== appId), application],
    servicePrincipals: [
      ...content.servicePrincipals.filter((one) => one.appId !== appId && one.id !== id),
      { id, appId, displayName },
    ],
  }));
}
