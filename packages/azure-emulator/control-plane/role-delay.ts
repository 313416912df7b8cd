import { createHash } from "node:crypto";
import { followNew } from "./new-resources";
import type { ArmResource, ResourceStore } from "./resource";
import { armRules } from "./rules/azure-rule";

export const roleDelayRules = armRules("Roles", {
  delay: {
    what: "A new role assignment takes effect after a while: so many requests that need it are still refused, as many as its role and the host's seed give. Removing one acts at once.",
    source:
      "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected; https://github.com/Azure/azure-dev/issues/8026",
    answer: { status: 403, code: "AuthorizationFailed" },
    test: [
      "control-plane/role-delay.itest.ts",
      "refuses what a new assignment grants, a number of times, and then no longer",
    ],
    moreTests: [
      [
        "control-plane/role-delay.itest.ts",
        "ends at once when it is removed, and begins again when it comes back",
      ],
    ],
    toggle: "roleDelay",
  },
});

/** How long new role assignments take: in refused requests, not in time, so that a run can be repeated. */
export interface RoleDelay {
  /** The largest number of refused requests; 0: assignments act at once. */
  readonly refusals: number;
  readonly seed?: string;
}

/** The assignments that do not act yet; none after a restart. */
export interface RolePropagation {
  pending(assignment: ArmResource): boolean;
  /** Counts a request that was refused although the assignments would have granted it. */
  refused(assignments: readonly ArmResource[]): void;
}

const ASSIGNMENT = "Microsoft.Authorization/roleAssignments";

/** Follows the assignments that are made from now on. */
export function followAssignments(
  resources: ResourceStore,
  { refusals, seed = "" }: RoleDelay,
): RolePropagation {
  const fresh = followNew(resources, ASSIGNMENT, (made) => countOf(made, refusals, seed));
  return {
    pending: ({ id }) => fresh.left(id) > 0,
    refused(assignments) {
      for (const { id } of assignments) fresh.take(id);
    },
  };
}

/** 1 to `refusals`, the same for the same role and seed; 0 without refusals. */
function countOf({ properties }: ArmResource, refusals: number, seed: string): number {
  if (refusals === 0) return 0;
  const role = String(properties.roleDefinitionId).split("/").at(-1) ?? "";
  const digest = createHash("sha256").update(`${seed} ${role.toLowerCase()}`).digest();
  return 1 + (digest.readUInt32BE(0) % refusals);
}
