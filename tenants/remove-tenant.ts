import { rmSync } from "node:fs";
import { QtError } from "../errors/qt-error";
import { runPulumi } from "./run-pulumi";
import { existingTenantFile, tenantFile } from "./tenant-files";

/**
 * Removes a tenant's stack, which Pulumi refuses while it has resources, and then its file.
 * @throws QtError QT9107 while there are resources, QT9108 or QT9109 where that cannot be known, QT9017.
 */
export async function removeTenant(root: string, name: string): Promise<void> {
  const path = existingTenantFile(root, name);
  const details = { name, file: tenantFile(name) };
  const removed = await runPulumi(["stack", "rm", name, "--yes", "--preserve-config"], { root });
  if (removed === undefined) throw new QtError("QT9109", details);
  if (/still has resources/.test(removed.reason)) throw new QtError("QT9107", details);
  if (!removed.ok && !/no stack named/.test(removed.reason)) {
    throw new QtError("QT9108", { ...details, reason: removed.reason });
  }
  rmSync(path, { force: true });
}
