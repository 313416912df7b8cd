import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../errors/qt-error";

/** What a tenant, and so its stack, may be called: its name becomes part of names in Azure. */
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

/** Stacks to Pulumi that are no tenants, because of their names: every command leaves them out. */
export function strayNames(root: string): string[] {
  return stackNames(root).filter((name) => !tenantName.test(name));
}

function stackNames(root: string): string[] {
  return namesAmong(globSync("Pulumi.*.yaml", { cwd: root }));
}

/** The tenants whose files are among these. */
export function tenantsAmong(files: readonly string[]): string[] {
  return namesAmong(files).filter((name) => tenantName.test(name));
}

function namesAmong(files: readonly string[]): string[] {
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** Other tenants whose files would be this one's on macOS and Windows, which do not tell capitals apart. */
export function namesakes(root: string, name: string): string[] {
  return tenantNames(root).filter((other) => other !== name && other.toLowerCase() === name.toLowerCase());
}

/**
 * Path of a tenant's file.
 * @param missing error where there is none: QT9017 says to make it, QT9113 does not.
 * @throws QtError that one
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
