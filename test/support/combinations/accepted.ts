import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QtError } from "../../../errors/qt-error";
import { refuseMistakes } from "../../../local/tenant-stack";
import { platformIds } from "../platform";
import { networkIds } from "../platform-network";
import { allPairs, type Pairs, type Row } from "./all-pairs";
import { factors, stackFile } from "./factors";
import { networkGroup } from "./site";

/** The rows of all pairs that `tenant check` accepts; it has a coded error for each other pair. */
export function acceptedPairs(): Pairs {
  const folder = mkdtempSync(join(tmpdir(), "qt-accepted-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: quantemplate\nruntime: nodejs\n");
  const subscription = "00000000-0000-0000-0000-000000000000";
  const site = { existing: platformIds(subscription), network: networkIds(networkGroup(subscription)) };
  const known = new Map<string, string | undefined>();
  const refusal = (row: Row) => {
    const file = stackFile(row, site);
    if (known.has(file)) return known.get(file);
    writeFileSync(join(folder, "Pulumi.c1.yaml"), file);
    const reason = refusalOf(folder);
    known.set(file, reason);
    return reason;
  };
  try {
    return allPairs(factors, refusal);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Code and mistakes in one line. */
function refusalOf(root: string): string | undefined {
  try {
    refuseMistakes(root, "c1");
    return undefined;
  } catch (error) {
    if (error instanceof QtError) return `${error.code} ${error.message.split("\n")[1] ?? error.message}`;
    throw error;
  }
}
