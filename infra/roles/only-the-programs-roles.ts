import { builtInRoles } from "../built-in-roles";

/**
 * The condition that keeps whoever assigns roles from assigning another than the program does
 * (https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples, "Constrain roles").
 */
export function onlyTheProgramsRoles(starter: string): { condition: string; conditionVersion: string } {
  const guids = [...Object.values(builtInRoles), starter.split("/").at(-1)].join(", ");
  const attribute = "Microsoft.Authorization/roleAssignments:RoleDefinitionId";
  const clause = (verb: string, source: string) =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${verb}'})) OR (@${source}[${attribute}] ForAnyOfAnyValues:GuidEquals {${guids}}))`;
  return {
    condition: `${clause("write", "Request")} AND ${clause("delete", "Resource")}`,
    conditionVersion: "2.0",
  };
}
