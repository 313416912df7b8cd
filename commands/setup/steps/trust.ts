import type { Door } from "../door";
import type { PlannedIdentity } from "../plan";
import type { Setup, SetupStep } from "../step";
import { environmentSubject, issuerOf, subjectPrefix, type Trusted } from "../subjects";

const AUDIENCE = "api://AzureADTokenExchange";

interface Credential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

const nameOf = (environment: string) => `environment-${environment}`;

async function wantedOf(setup: Setup, { environments }: PlannedIdentity): Promise<Trusted[]> {
  const { gitHub } = setup.plan;
  if (gitHub === undefined) return [];
  const prefix = await subjectPrefix(setup, gitHub);
  const issuer = issuerOf(gitHub);
  return environments.map((environment) => ({
    environment,
    issuer,
    subject: environmentSubject(prefix, environment),
  }));
}

const credentialsOf = async (door: Door, id: string) =>
  (
    await door.graph<{ readonly value: readonly Credential[] }>(
      "GET",
      `/applications/${id}/federatedIdentityCredentials`,
    )
  ).value;

const isSame = (credential: Credential, { issuer, subject }: Trusted) =>
  credential.issuer === issuer && credential.subject === subject && credential.audiences.includes(AUDIENCE);

async function look(setup: Setup): Promise<string[]> {
  const missing: string[] = [];
  for (const identity of setup.plan.identities) {
    const ids = setup.found.identities.get(identity.name);
    const wanted = await wantedOf(setup, identity);
    const there = ids === undefined ? [] : await credentialsOf(setup.door, ids.id);
    for (const one of wanted)
      if (!there.some((credential) => isSame(credential, one)))
        missing.push(`${identity.displayName} trusts ${one.subject}`);
  }
  return missing;
}

/**
 * Sources: learn.microsoft.com/graph/api/application-post-federatedidentitycredentials;
 * learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust.
 */
export const trust: SetupStep = {
  title: "Trust",
  what: "Each identity trusts the tokens of its environments' jobs, by the subject that this repository sends. On Azure Pipelines the service connection says issuer and subject.",
  right: "owner of the app registrations; read access to the repository's settings",
  cost: "nothing",
  command: ({ plan }) => {
    const { gitHub, azureDevOps } = plan;
    if (gitHub !== undefined)
      return [
        `gh api repos/${gitHub.owner}/${gitHub.name}/actions/oidc/customization/sub --jq .sub_claim_prefix`,
        ...plan.identities.flatMap(({ displayName, environments }) =>
          environments.map(
            (environment) =>
              `az ad app federated-credential create --id $(az ad app list --display-name ${displayName} --query "[0].appId" --output tsv) --parameters '${JSON.stringify({ name: nameOf(environment), issuer: issuerOf(gitHub), subject: `<prefix>:environment:${environment}`, audiences: [AUDIENCE] })}'`,
          ),
        ),
      ];
    if (azureDevOps !== undefined)
      return plan.identities.map(
        ({ name, displayName }) =>
          `Make the service connection quantemplate-${name} (Azure Resource Manager, app registration, manual): it shows issuer and subject; then az ad app federated-credential create --id <client id of ${displayName}> --parameters '{"name":"${name}","issuer":"<issuer>","subject":"<subject>","audiences":["${AUDIENCE}"]}'`,
      );
    return ["Pass --github <owner>/<name> or --azure-devops <organisation>/<project>."];
  },
  look,
  async make(setup) {
    for (const identity of setup.plan.identities) {
      const ids = setup.found.identities.get(identity.name);
      if (ids === undefined) continue;
      const path = `/applications/${ids.id}/federatedIdentityCredentials`;
      const there = await credentialsOf(setup.door, ids.id);
      for (const { environment, issuer, subject } of await wantedOf(setup, identity)) {
        if (there.some((credential) => isSame(credential, { environment, issuer, subject }))) continue;
        const name = nameOf(environment);
        const before = there.find((credential) => credential.name === name);
        const wanted = { issuer, subject, audiences: [AUDIENCE] };
        // A repository that was renamed or transferred sends another subject.
        if (before === undefined) await setup.door.graph("POST", path, { name, ...wanted });
        else await setup.door.graph("PATCH", `${path}/${before.id}`, wanted);
      }
    }
  },
};
