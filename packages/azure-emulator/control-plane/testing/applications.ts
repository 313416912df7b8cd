import { randomBytes, randomUUID } from "node:crypto";
import type { Principal } from "../identity";
import type { LocalContext } from "../local-service";

/** An application that can sign in. */
export type SignedIn = Principal & { readonly secret: string };

/** Adds an application with a service principal and a secret to the directory; it has no role. */
export async function addApplication(
  { directory }: Pick<LocalContext, "directory">,
  displayName: string,
): Promise<SignedIn> {
  const [id, appId, objectId, keyId] = Array.from({ length: 4 }, () => randomUUID()) as [
    string,
    string,
    string,
    string,
  ];
  const secret = randomBytes(30).toString("base64url");
  const startDateTime = new Date().toISOString();
  const endDateTime = new Date(Date.now() + 86_400_000).toISOString();
  const password = { keyId, displayName: null, secretText: secret, startDateTime, endDateTime };
  const application = { id, appId, displayName, createdDateTime: startDateTime };
  await directory.change((content) => ({
    ...content,
    applications: [...content.applications, { ...application, passwords: [password], federated: [] }],
    servicePrincipals: [...content.servicePrincipals, { id: objectId, appId, displayName }],
  }));
  return { objectId, clientId: appId, displayName, kind: "ServicePrincipal", secret };
}
