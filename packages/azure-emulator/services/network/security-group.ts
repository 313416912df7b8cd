import { stableGuid } from "../../../kit/stable-guid";
import type { ResourceType } from "../../control-plane/local-service";
import { idOf } from "../../control-plane/network/reach";
import type { ResourceStore } from "../../control-plane/resource";
import { sameId } from "../../control-plane/resource-id";
import { refusal } from "../../control-plane/rules/azure-rule";
import { networkRules } from "./network-rules";
import { SUBNET_TYPE } from "./subnets";

/** A network security group. Its rules are stored and have no effect: no process of the emulator listens in a subnet. */
export function securityGroupType(resources: ResourceStore): ResourceType {
  return {
    type: "Microsoft.Network/networkSecurityGroups",
    async put({ id, body }) {
      return {
        properties: {
          securityRules: body.properties?.securityRules ?? [],
          provisioningState: "Succeeded",
          resourceGuid: stableGuid(`security group ${id.toLowerCase()}`),
        },
      };
    },
    mayDelete({ id, name }, stays) {
      const subnet = resources
        .list({ type: SUBNET_TYPE })
        .find((one) => stays(one.id) && sameId(idOf(one.properties.networkSecurityGroup), id));
      if (subnet === undefined) return;
      throw refusal(
        networkRules.rules.groupInUse,
        `Network security group ${name} cannot be deleted because it is in use by the following resources: ${subnet.id}. In order to delete the Network security group, remove the association with the resource(s).`,
      );
    },
  };
}
