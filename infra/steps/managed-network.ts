import { orAbsent } from "./azure-session";
import type { StepDefinition } from "./step-definition";

export interface ManagedNetworkInputs {
  readonly factoryId: string;
  readonly name: string;
}

const API_VERSION = "2018-06-01";
const idOf = ({ factoryId, name }: ManagedNetworkInputs) => `${factoryId}/managedVirtualNetworks/${name}`;

/** Makes a factory's managed network. Nothing to remove: Data Factory has no way to delete one, and it goes with the factory. */
export const managedNetwork: StepDefinition<ManagedNetworkInputs, Readonly<Record<string, never>>> = {
  replaceOn: ["factoryId", "name"],
  async ensure(inputs, azure) {
    await azure.arm("PUT", idOf(inputs), { apiVersion: API_VERSION, json: { properties: {} } });
    return { result: {} };
  },
  async read(inputs, azure) {
    const found = await orAbsent(azure.arm("GET", idOf(inputs), { apiVersion: API_VERSION }));
    return found === undefined ? undefined : inputs;
  },
};
