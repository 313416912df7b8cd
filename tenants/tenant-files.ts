import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../errors/qt-error";

/** The names that a tenant, and so its stack, may have: they become part of names in Azure. */
export const tenantName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

export const PROJECT_FILE = "Pulumi.yaml";

/** Name of a tenant's stack file. */
export function tenantFile(name: string): string {
  return `Pulumi.${name}.yaml`;
}

/** The tenants of a project, in the order of their names. */
export function tenantNames(root: string): string[] {
  return stackNames(root).filter((name) => tenantName.test(name));
}

/** Pulumi stacks whose names are not valid for tenants: every command ignores them. */
export function strayNames(root: string): string[] {
  return stackNames(root).filter((name) => !tenantName.test(name));
}

function stackNames(root: string): string[] {
  return namesAmong(globSync("Pulumi.*.yaml", { cwd: root }));
}

/** The tenants whose files are in the list. */
export function tenantsAmong(files: readonly string[]): string[] {
  return namesAmong(files).filter((name) => tenantName.test(name));
}

function namesAmong(files: readonly string[]): string[] {
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** Other tenants whose files would be the same file on macOS and Windows, which are case-insensitive. */
export function namesakes(root: string, name: string): string[] {
  return tenantNames(root).filter((other) => other !== name && other.toLowerCase() === name.toLowerCase());
}

/**
 * Path of a tenant's file.
 * @param missing The error if there is no such file: QT9017 suggests creating it, QT9113 does not.
 * @throws QtError `missing`
 */
export function existingTenantFile(
  root: string,
  name: string,
  missing: "QT9017" | "QT9113" = "QT9017",
): string {
  const path = join(root, tenantFile(name));
  if (tenantName.test(name) && existsSync(path)) return path;
  throw new QtError(missing, { stack: name, name, known: tenantNames(root).join(", ") || "none" });
}
