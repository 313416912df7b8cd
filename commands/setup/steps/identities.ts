import type { PlannedIdentity } from "../plan";
import { patiently, type Setup, type SetupStep } from "../step";

interface Listed<Item> {
  readonly value: readonly Item[];
}
interface Application {
  readonly id: string;
  readonly appId: string;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Notes the identity's ids. @returns what of it is missing */
async function find(
  { door, found }: Setup,
  { name, displayName }: PlannedIdentity,
): Promise<string | undefined> {
  const filter = encodeURIComponent(`displayName eq ${quoted(displayName)}`);
  const { value } = await door.graph<Listed<Application>>(
    "GET",
    `/applications?$filter=${filter}&$select=id,appId`,
  );
  const [application] = value;
  if (application === undefined) return `app registration ${displayName}`;
  const principals = await door.graph<Listed<{ id: string }>>(
    "GET",
    `/servicePrincipals?$filter=${encodeURIComponent(`appId eq '${application.appId}'`)}&$select=id`,
  );
  const [principal] = principals.value;
  if (principal === undefined) return `service principal of ${displayName}`;
  found.identities.set(name, { ...application, objectId: principal.id });
  return undefined;
}

async function look(setup: Setup): Promise<string[]> {
  const missing = await Promise.all(setup.plan.identities.map((identity) => find(setup, identity)));
  return missing.filter((what) => what !== undefined);
}

/** Sources: learn.microsoft.com/graph/api/application-post-applications, …/serviceprincipal-post-serviceprincipals. */
export const identities: SetupStep = {
  title: "Identities",
  what: "Three app registrations with service principals and without secrets: one deploys the canaries, one all others, one reads for previews and drift.",
  right:
    "Entra: Application Developer, or members may register applications; Application Administrator for those of others",
  cost: "nothing",
  command: ({ plan }) =>
    plan.identities.flatMap(({ displayName }) => [
      `az ad app create --display-name ${displayName} --sign-in-audience AzureADMyOrg`,
      `az ad sp create --id $(az ad app list --display-name ${displayName} --query "[0].appId" --output tsv)`,
    ]),
  look,
  async make(setup) {
    const { door, plan } = setup;
    for (const identity of plan.identities) {
      if ((await find(setup, identity)) === undefined) continue;
      const { displayName } = identity;
      const filter = encodeURIComponent(`displayName eq ${quoted(displayName)}`);
      const { value } = await door.graph<Listed<Application>>(
        "GET",
        `/applications?$filter=${filter}&$select=id,appId`,
      );
      const { appId } =
        value[0] ??
        (await door.graph<Application>("POST", "/applications", {
          displayName,
          signInAudience: "AzureADMyOrg",
        }));
      // A new application is not everywhere at once.
      await patiently(door, [400, 404], () => door.graph("POST", "/servicePrincipals", { appId }));
    }
  },
};
