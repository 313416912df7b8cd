// Finds the tenants that a change affects.
import { execFileSync } from "node:child_process";

/** A file of a diff: git's status letter (A, M, D, T) and the path from the repository's root. */
export interface Change {
  readonly status: string;
  readonly path: string;
}

export interface Selection {
  /** Tenants to preview; "all" if something changed that every tenant shares. */
  readonly tenants: "all" | readonly string[];
  /** Tenants whose file was removed; their stacks still exist. */
  readonly removed: readonly string[];
}

/** The rule of tenants/tenant-files.ts, which Node cannot run unbuilt; a test keeps the two equal. */
const tenantFile = /^Pulumi\.([A-Za-z0-9][A-Za-z0-9_-]{0,99})\.yaml$/;

/** A tenant's own file affects that tenant; any other file may affect all of them. */
export function selectTenants(changes: readonly Change[]): Selection {
  const own = changes.map(({ status, path }) => ({ status, name: tenantFile.exec(path)?.[1] }));
  const names = (removed: boolean) =>
    own
      .flatMap(({ status, name }) => (name !== undefined && (status === "D") === removed ? [name] : []))
      .sort();
  return {
    tenants: own.every(({ name }) => name !== undefined) ? names(false) : "all",
    removed: names(true),
  };
}

/** @throws if git does not know one of the two. */
export function changesBetween(base: string, head = "HEAD"): Change[] {
  const options = ["--name-status", "-z", "--no-renames", "--end-of-options"];
  const fields = execFileSync("git", ["diff", ...options, `${base}...${head}`, "--"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  }).split("\0");
  return Array.from({ length: Math.floor(fields.length / 2) }, (_, index) => ({
    status: fields[2 * index] ?? "",
    path: fields[2 * index + 1] ?? "",
  }));
}

/** True if the tenant's file of that commit says that only the emulator has it: the setting of tenants/emulator-only.ts. */
export function wasEmulatorOnly(commit: string, tenant: string): boolean {
  const file = execFileSync("git", ["show", `${commit}:./Pulumi.${tenant}.yaml`], { encoding: "utf8" });
  return /^\s+quantemplate:emulatorOnly:\s*(["']?)true\1\s*(#.*)?$/m.test(file);
}
