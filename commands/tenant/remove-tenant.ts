import { readFileSync, rmSync } from "node:fs";
import { QtError } from "../../errors/qt-error";
import { stackName } from "../../tenants/stack-name";
import { existingTenantFile, tenantFile } from "../../tenants/tenant-files";
import { runPulumi } from "./run-pulumi";

/**
 * Removes a tenant's stack, which Pulumi refuses while it has resources, and then its file. If this backend has no such stack, but a
 * stack's secrets provider wrote to the file, the file stays: the stack may be on another backend. `force` removes it anyway.
 * @throws QtError QT9107 while there are resources, QT9108 or QT9109 if that is unknown, QT9113.
 */
export async function removeTenant(
  root: string,
  name: string,
  { force = false }: { force?: boolean } = {},
): Promise<void> {
  const path = existingTenantFile(root, name, "QT9113");
  const details = { name, file: tenantFile(name) };
  const removed = await runPulumi(["stack", "rm", stackName(name), "--yes", "--preserve-config"], { root });
  if (removed === undefined) throw new QtError("QT9109", details);
  if (/still has resources/.test(removed.reason)) throw new QtError("QT9107", details);
  if (!removed.ok) {
    if (!/no stack named/.test(removed.reason))
      throw new QtError("QT9108", { ...details, reason: removed.reason });
    if (!force && hadStack(readFileSync(path, "utf8"))) {
      const reason = `the backend ${await backendUrl(root)}has no such stack, but ${details.file} holds what a stack's secrets provider wrote. If the stack is gone for good, pass --force`;
      throw new QtError("QT9108", { ...details, reason });
    }
  }
  rmSync(path, { force: true });
}

/** True if a stack was created with this file: its secrets provider left a key or an encrypted value. */
export function hadStack(file: string): boolean {
  return /^[ \t-]*(["']?)(?:encryptionsalt|encryptedkey|secure)\1[ \t]*:|[{,]\s*(["']?)secure\2\s*:/m.test(
    file,
  );
}

/** The URL followed by a space; empty if Pulumi does not return it. */
async function backendUrl(root: string): Promise<string> {
  const answer = await runPulumi(["whoami", "--json"], { root });
  const [, url] = /"url": *"([^"]+)"/.exec(answer?.reason ?? "") ?? [];
  return url === undefined ? "" : `${url} `;
}
