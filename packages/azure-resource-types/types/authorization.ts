import type { ResourceTypeDescriptor } from "../descriptor";

export const authorizationTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Authorization/roleDefinitions",
    apiVersion: "2022-05-01-preview",
    mutabilityFrom:
      "authorization/resource-manager/Microsoft.Authorization/preview/2022-05-01-preview/authorization-RoleDefinitionsCalls.json",
    tokens: {
      "azure-native:authorization:RoleDefinition":
        "{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    },
    runs: "service",
    putStatus: { created: 201, updated: 201 },
    systemData: true,
    guidName: true,
    renames: { roleType: "type" },
  },
  {
    type: "Microsoft.Authorization/roleAssignments",
    apiVersion: "2022-04-01",
    mutabilityFrom:
      "authorization/resource-manager/Microsoft.Authorization/stable/2022-04-01/authorization-RoleAssignmentsCalls.json",
    tokens: {
      "azure-native:authorization:RoleAssignment":
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    },
    runs: "service",
    systemData: true,
    guidName: true,
    createOnly: ["principalId"],
    loss: {
      gone: "Removes a right from an identity of {whose}: whatever needs it fails",
      replaced:
        "An identity of {whose} is without this right until the new assignment takes effect, which can take minutes",
    },
  },
];
