import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The custom roles of `infra/roles/`, by the name of their file. */
export const roleNames = [
  "deployer",
  "role-assigner",
  "role-author",
  "preview",
  "drift",
  "migration",
] as const;
export type RoleName = (typeof roleNames)[number];

/** A role definition in the form that `az role definition create` reads. */
export interface RoleFile {
  readonly Name: string;
  readonly IsCustom: true;
  readonly Description: string;
  readonly Actions: readonly string[];
  readonly NotActions: readonly string[];
  readonly DataActions: readonly string[];
  readonly NotDataActions: readonly string[];
  /** A subscription that does not exist: whoever creates the role names his own. */
  readonly AssignableScopes: readonly string[];
}

/** The path of a role's file below the checkout, as messages name it. */
export function rolePath(name: RoleName): string {
  return `infra/roles/${name}.json`;
}

export function readRole(name: RoleName): RoleFile {
  return JSON.parse(readFileSync(join(__dirname, `${name}.json`), "utf8")) as RoleFile;
}
