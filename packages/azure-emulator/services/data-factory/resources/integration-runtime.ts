import { z } from "zod";
import { ArmError, type ResourceType } from "../../../control-plane/local-service";
import { parentId, type ResourceStore } from "../../../control-plane/resource";
import { checked } from "../model/checked";
import { requireUnreferenced } from "./deletions";
import { refuseInvalid } from "./validation";

/** Azure's own compute, in a region or in the factory's managed virtual network. Self-hosted machines and SSIS are refused. */
const managed = z.looseObject({
  type: z.literal("Managed", { error: "the emulator runs integration runtimes of the type Managed only" }),
  description: z.string().optional(),
  managedVirtualNetwork: z
    .strictObject({ type: z.literal("ManagedVirtualNetworkReference"), referenceName: z.string() })
    .optional(),
  typeProperties: z.looseObject({
    ssisProperties: z.undefined({ error: "the emulator does not run SSIS" }).optional(),
  }),
});

/** An integration runtime: from where linked services and Web activities connect that name it. */
export function integrationRuntimeType(resources: ResourceStore): ResourceType {
  return {
    type: "Microsoft.DataFactory/factories/integrationRuntimes",
    mayDelete: (object, stays) => requireUnreferenced(resources, "integrationRuntimes", object, stays),
    async put({ id, name, body }) {
      const { managedVirtualNetwork } = refuseInvalid(() =>
        checked(managed, body.properties ?? {}, `integration runtime '${name}'`),
      );
      const network = managedVirtualNetwork?.referenceName;
      if (network !== undefined) requireNetwork(resources, parentId(id), network, name);
      return { properties: { state: "Online" } };
    },
  };
}

function requireNetwork(resources: ResourceStore, factoryId: string, network: string, name: string): void {
  if (resources.get(`${factoryId}/managedVirtualNetworks/${network}`) !== undefined) return;
  throw new ArmError(
    400,
    "BadRequest",
    `The document creation or update failed because of invalid reference '${network}': integration runtime '${name}' refers to a managed virtual network that the factory does not have.`,
  );
}
