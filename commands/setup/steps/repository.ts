import { orNothing } from "../door";
import { backendOf, type GitHubRepository } from "../plan";
import type { Setup, SetupStep } from "../step";

interface Variable {
  readonly name: string;
  readonly value: string;
}
interface Environment {
  readonly deployment_branch_policy: { readonly custom_branch_policies: boolean } | null;
}
interface Policies {
  readonly branch_policies: readonly { readonly name: string }[];
}

const pathOf = ({ owner, name }: GitHubRepository) => `/repos/${owner}/${name}`;

/** Environments to which only main deploys; a preview runs on every branch. */
const isOfMain = (environment: string) => environment !== "preview";

/** A variable of the repository, or of one of its environments. */
interface WantedVariable extends Variable {
  readonly environment?: string;
}

function variables({ plan, found }: Setup): WantedVariable[] {
  const clientId = (name: string) => found.identities.get(name)?.appId ?? `<client id of ${name}>`;
  return [
    { name: "PULUMI_BACKEND_URL", value: backendOf(plan) },
    { name: "AZURE_TENANT_ID", value: plan.tenantId },
    { name: "AZURE_SUBSCRIPTION_ID", value: plan.subscriptionId },
    { name: "AZURE_PREVIEW_CLIENT_ID", value: clientId("preview") },
    ...plan.identities
      .filter(({ deploys }) => deploys)
      .flatMap(({ name, environments }) =>
        environments.map((environment) => ({ name: "AZURE_CLIENT_ID", value: clientId(name), environment })),
      ),
  ];
}

const folderOf = (repository: GitHubRepository, { environment }: WantedVariable) =>
  `${pathOf(repository)}${environment === undefined ? "/actions" : `/environments/${environment}`}/variables`;

const environmentsOf = ({ plan }: Setup) => plan.identities.flatMap(({ environments }) => environments);

async function missingEnvironments(setup: Setup, repository: GitHubRepository): Promise<string[]> {
  const missing: string[] = [];
  for (const name of environmentsOf(setup)) {
    const path = `${pathOf(repository)}/environments/${name}`;
    const there = await orNothing(setup.door.gitHub<Environment>("GET", path));
    const isGuarded =
      !isOfMain(name) ||
      (there?.deployment_branch_policy?.custom_branch_policies === true &&
        (await setup.door.gitHub<Policies>("GET", `${path}/deployment-branch-policies`)).branch_policies.some(
          (policy) => policy.name === "main",
        ));
    if (there === undefined || !isGuarded) missing.push(name);
  }
  return missing;
}

async function missingVariables(setup: Setup, repository: GitHubRepository) {
  const missing: { readonly wanted: WantedVariable; readonly isThere: boolean }[] = [];
  for (const wanted of variables(setup)) {
    const path = `${folderOf(repository, wanted)}/${wanted.name}`;
    const there = await orNothing(setup.door.gitHub<Variable>("GET", path));
    if (there?.value !== wanted.value) missing.push({ wanted, isThere: there !== undefined });
  }
  return missing;
}

async function makeEnvironment(setup: Setup, repository: GitHubRepository, name: string): Promise<void> {
  const path = `${pathOf(repository)}/environments/${name}`;
  const policy = { protected_branches: false, custom_branch_policies: true };
  await setup.door.gitHub("PUT", path, isOfMain(name) ? { deployment_branch_policy: policy } : {});
  if (!isOfMain(name)) return;
  const policies = `${path}/deployment-branch-policies`;
  const { branch_policies: there } = await setup.door.gitHub<Policies>("GET", policies);
  if (!there.some((one) => one.name === "main"))
    await setup.door.gitHub("POST", policies, { name: "main", type: "branch" });
}

/** Sources: docs.github.com/rest/deployments/environments, …/branch-policies, docs.github.com/rest/actions/variables. */
export const repository: SetupStep = {
  title: "Repository",
  what: "Environments with their branches, and variables. No secret. On Azure Pipelines: two variables, and three service connections.",
  right: "administrator of the repository",
  cost: "environments of a private repository need GitHub Pro, Team or Enterprise",
  command(setup) {
    const { gitHub, azureDevOps, subscriptionId } = setup.plan;
    if (gitHub !== undefined) {
      const at = `--repo ${gitHub.owner}/${gitHub.name}`;
      const api = `repos/${gitHub.owner}/${gitHub.name}/environments`;
      return [
        ...environmentsOf(setup).flatMap((name) =>
          isOfMain(name)
            ? [
                `gh api --method PUT ${api}/${name} -F "deployment_branch_policy[protected_branches]=false" -F "deployment_branch_policy[custom_branch_policies]=true"`,
                `gh api --method POST ${api}/${name}/deployment-branch-policies -f name=main`,
              ]
            : [`gh api --method PUT ${api}/${name}`],
        ),
        ...variables(setup).map(
          ({ name, value, environment }) =>
            `gh variable set ${name} ${at}${environment === undefined ? "" : ` --env ${environment}`} --body "${value}"`,
        ),
      ];
    }
    if (azureDevOps !== undefined) {
      const at = `--organization https://dev.azure.com/${azureDevOps.organisation} --project "${azureDevOps.project}" --pipeline-name quantemplate`;
      return [
        `az pipelines variable create ${at} --name subscriptionId --value ${subscriptionId}`,
        `az pipelines variable create ${at} --name pulumiBackendUrl --value "${backendOf(setup.plan)}"`,
        "Make the environments canary and general, and set the checks of docs/fleet.md on the service connections.",
      ];
    }
    return variables(setup).map(
      ({ name, value, environment }) => `${name}=${value}${environment ? ` (${environment})` : ""}`,
    );
  },
  async look(setup) {
    const { gitHub } = setup.plan;
    if (gitHub === undefined) return [];
    const names = await missingEnvironments(setup, gitHub);
    const missing = await missingVariables(setup, gitHub);
    return [
      ...names.map((name) => `environment ${name}`),
      ...missing.map(
        ({ wanted: { name, environment } }) => `variable ${name}${environment ? ` of ${environment}` : ""}`,
      ),
    ];
  },
  async make(setup) {
    const { gitHub } = setup.plan;
    if (gitHub === undefined) return;
    for (const name of await missingEnvironments(setup, gitHub)) await makeEnvironment(setup, gitHub, name);
    for (const { wanted, isThere } of await missingVariables(setup, gitHub)) {
      const { name, value } = wanted;
      const folder = folderOf(gitHub, wanted);
      if (isThere) await setup.door.gitHub("PATCH", `${folder}/${name}`, { name, value });
      else await setup.door.gitHub("POST", folder, { name, value });
    }
  },
};
