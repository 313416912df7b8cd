import { readRole } from "../../../infra/roles/role-files";
import { scopeOf } from "../plan";
import type { Setup, SetupStep } from "../step";

const API = "2022-09-01";

/** Every namespace of which the deployer's role names an action. Those of Resource Manager itself are always there. */
export function neededProviders(): string[] {
  const namespaces = readRole("deployer").Actions.map((action) => action.split("/")[0] ?? "");
  const own = ["Microsoft.Authorization", "Microsoft.Resources"];
  // A function app on Flex Consumption in a network needs Microsoft.App, of which the deployer calls nothing.
  return [...new Set([...namespaces, "Microsoft.App"])]
    .filter((name) => name !== "*" && !own.includes(name))
    .sort();
}

async function missing({ plan, door }: Setup): Promise<string[]> {
  const states = await Promise.all(
    neededProviders().map(async (name) => {
      const { registrationState } = await door.arm<{ registrationState: string }>(
        "GET",
        `${scopeOf(plan)}/providers/${name}`,
        API,
      );
      return { name, registrationState };
    }),
  );
  return states.filter(({ registrationState }) => registrationState !== "Registered").map(({ name }) => name);
}

/** Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types. */
export const resourceProviders: SetupStep = {
  title: "Resource providers",
  what: "Registers the subscription for the services that a tenant uses. azure-native registers none.",
  right: "<namespace>/register/action at the subscription, which Contributor has",
  cost: "nothing",
  command: () => neededProviders().map((name) => `az provider register --namespace ${name} --wait`),
  look: missing,
  async make(setup) {
    for (const name of await missing(setup))
      await setup.door.arm("POST", `${scopeOf(setup.plan)}/providers/${name}/register`, API);
  },
};
