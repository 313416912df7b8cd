import { patiently, type Setup, type SetupStep } from "../step";

interface Listed {
  readonly value: readonly { readonly id: string }[];
}

/** Who is a member: the identities that deploy, and whoever sets up. */
async function members({
  plan,
  door,
  found,
}: Setup): Promise<{ name: string; objectId: string | undefined }[]> {
  return [
    ...plan.identities
      .filter(({ deploys }) => deploys)
      .map(({ name, displayName }) => ({
        name: displayName,
        objectId: found.identities.get(name)?.objectId,
      })),
    { name: "you", objectId: (await door.me()).objectId },
  ];
}

async function missingMembers(setup: Setup, group: string) {
  const { value } = await setup.door.graph<Listed>("GET", `/groups/${group}/members?$select=id`);
  const there = new Set(value.map(({ id }) => id));
  return (await members(setup)).filter(({ objectId }) => objectId === undefined || !there.has(objectId));
}

async function findGroup({ plan, door, found }: Setup): Promise<string | undefined> {
  const filter = encodeURIComponent(`displayName eq '${plan.sqlGroup}'`);
  const { value } = await door.graph<Listed>("GET", `/groups?$filter=${filter}&$select=id`);
  found.sqlGroupId = value[0]?.id;
  return found.sqlGroupId;
}

/** Sources: learn.microsoft.com/graph/api/group-post-groups, …/group-post-members. */
export const sqlAdministrators: SetupStep = {
  title: "Administrators of the databases",
  what: "A security group of everybody who deploys, which sqlAdmin names. One group, whoever deploys: Azure would replace a server whose administrator changes at its creation.",
  right: "Entra: members may create security groups, or Groups Administrator",
  cost: "nothing",
  command: ({ plan }) => [
    `az ad group create --display-name ${plan.sqlGroup} --mail-nickname ${plan.sqlGroup}`,
    ...plan.identities
      .filter(({ deploys }) => deploys)
      .map(
        ({ displayName }) =>
          `az ad group member add --group ${plan.sqlGroup} --member-id $(az ad sp list --display-name ${displayName} --query "[0].id" --output tsv)`,
      ),
    `az ad group member add --group ${plan.sqlGroup} --member-id <object id of each person who deploys>`,
  ],
  async look(setup) {
    const group = await findGroup(setup);
    if (group === undefined) return [`group ${setup.plan.sqlGroup}`];
    return (await missingMembers(setup, group)).map(({ name }) => `member ${name}`);
  },
  async make(setup) {
    const { plan, door } = setup;
    const group =
      (await findGroup(setup)) ??
      (
        await door.graph<{ readonly id: string }>("POST", "/groups", {
          displayName: plan.sqlGroup,
          mailNickname: plan.sqlGroup,
          mailEnabled: false,
          securityEnabled: true,
        })
      ).id;
    const missing = await patiently(door, [404], () => missingMembers(setup, group));
    for (const { objectId } of missing)
      await patiently(door, [404], () =>
        door.graph("POST", `/groups/${group}/members/$ref`, {
          "@odata.id": `${door.graphUrl}/directoryObjects/${objectId}`,
        }),
      );
  },
};
