// Which tenants a change touches.
//   node scripts/ci/changed-tenants.mts <base> [head]     prints JSON: {"tenants": "all" | ["a", …], "removed": ["b", …]}
import { execFileSync } from "node:child_process";

/** A file of a diff: git's status letter (A, M, D, T) and the path from the repository's root. */
export interface Change {
  readonly status: string;
  readonly path: string;
}

export interface Selection {
  /** Tenants to preview; "all" where something changed that every tenant shares. */
  readonly tenants: "all" | readonly string[];
  /** Tenants whose file is gone; their stacks are not. */
  readonly removed: readonly string[];
}

const tenantFile = /^Pulumi\.([A-Za-z0-9][A-Za-z0-9_.-]*)\.yaml$/;

/** A tenant's own file concerns that tenant; any other file may concern all of them. */
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

/** @throws where git does not know one of the two. */
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

if (process.argv[1] === import.meta.filename) {
  const [base, head] = process.argv.slice(2);
  if (base === undefined) {
    process.stderr.write("Say what to compare with: node scripts/ci/changed-tenants.mts <base> [head]\n");
    process.exit(2);
  }
  process.stdout.write(`${JSON.stringify(selectTenants(changesBetween(base, head)))}\n`);
}
