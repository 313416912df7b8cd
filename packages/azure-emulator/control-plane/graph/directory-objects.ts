import { join } from "node:path";
import { readIfExists, writeDurably } from "../durable-file";

/** A secret of an application. Azure keeps a hash; the emulator's file is as secret as the deployer's. */
export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly secretText: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
}

/** Trust in tokens of another issuer, such as GitHub's, for one subject. */
export interface FederatedCredential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly description: string | null;
}

export interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly createdDateTime: string;
  readonly passwords: readonly PasswordCredential[];
  readonly federated: readonly FederatedCredential[];
}

/** The sign-in of an application in this directory; role assignments name it. */
export interface ServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
}

export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly mailNickname: string;
  readonly description: string | null;
  readonly createdDateTime: string;
  /** Object ids. */
  readonly members: readonly string[];
}

interface Content {
  readonly applications: readonly Application[];
  readonly servicePrincipals: readonly ServicePrincipal[];
  readonly groups: readonly Group[];
}

/** The directory's applications, service principals and groups, as the folder keeps them. */
export interface DirectoryObjects {
  readonly now: Content;
  /** Replaces the content; resolves once it is on disk. Changes come one after the other. */
  change(edit: (content: Content) => Content): Promise<void>;
  applicationByClientId(clientId: string): Application | undefined;
  /** The ids of the groups that have the object as a member, directly or through another group. */
  groupsOf(objectId: string): ReadonlySet<string>;
}

export async function openDirectoryObjects(folder: string): Promise<DirectoryObjects> {
  const path = join(folder, "directory-objects.json");
  const text = await readIfExists(path);
  let now: Content =
    text === undefined
      ? { applications: [], servicePrincipals: [], groups: [] }
      : (JSON.parse(text) as Content);
  let last: Promise<void> = Promise.resolve();
  return {
    get now() {
      return now;
    },
    change(edit) {
      const step = last.then(async () => {
        const next = edit(now);
        await writeDurably(path, `${JSON.stringify(next, undefined, 2)}\n`);
        now = next;
      });
      last = step.catch(() => {});
      return step;
    },
    applicationByClientId: (clientId) =>
      now.applications.find(({ appId }) => appId.toLowerCase() === clientId.toLowerCase()),
    groupsOf(objectId) {
      const found = new Set<string>();
      const members = [objectId];
      // Grows during the loop, to include groups of groups.
      for (const member of members)
        for (const group of now.groups)
          if (group.members.includes(member) && !found.has(group.id)) {
            found.add(group.id);
            members.push(group.id);
          }
      return found;
    },
  };
}
