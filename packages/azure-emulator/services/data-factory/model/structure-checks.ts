import type { ActivityNode } from "./activity";
import { DefinitionError } from "./definition-error";

const containers = new Set(["ForEach", "Until", "IfCondition", "Switch"]);
/** An If or a Switch may stand in a loop; nothing else nests (https://learn.microsoft.com/azure/data-factory/concepts-nested-activities). */
const mayHold: Readonly<Record<string, readonly string[]>> = {
  ForEach: ["IfCondition", "Switch"],
  Until: ["IfCondition", "Switch"],
};

/** Checks how the activities of a list are nested and branched. @throws DefinitionError naming the activities */
export function checkStructure(nodes: readonly ActivityNode[], subject: string): void {
  checkBranches(nodes, subject);
  for (const node of nodes) {
    checkNesting(node, subject);
    for (const branch of node.branches) checkStructure(branch, subject);
  }
}

function checkNesting({ name, type, branches }: ActivityNode, subject: string): void {
  const inner = branches
    .flat()
    .find((node) => containers.has(node.type) && mayHold[type]?.includes(node.type) !== true);
  if (inner === undefined) return;
  throw new DefinitionError(
    `${subject}: the activity '${inner.name}' of type '${inner.type}' cannot be inside '${name}' of type '${type}'.`,
  );
}

/**
 * "Upon Completion path can't coexist with either Upon Success or Upon Failure path"
 * (https://learn.microsoft.com/azure/data-factory/tutorial-pipeline-failure-error-handling).
 */
function checkBranches(nodes: readonly ActivityNode[], subject: string): void {
  for (const { name } of nodes) {
    const paths = nodes.flatMap(({ dependsOn }) => dependsOn.filter(({ activity }) => activity === name));
    const conditions = new Set(paths.flatMap((path) => path.conditions));
    if (!conditions.has("Completed") || !(conditions.has("Succeeded") || conditions.has("Failed"))) continue;
    throw new DefinitionError(
      `${subject}: a dependency on '${name}' with the condition Completed cannot coexist with one that has Succeeded or Failed.`,
    );
  }
}
