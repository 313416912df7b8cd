import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { roleNames, rolePath } from "../infra/roles/role-files";
import { projectRoot } from "../local/places";
import { computeRoles } from "../local/rights/computed-roles";
import { recordRights } from "../local/rights/recorded-rights";
import { startTenantLife } from "../local/rights/tenant-life";

/** `npm run golden:roles`: the files of infra/roles, of what a tenant's life in the emulator calls. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "roles-"));
  const life = await startTenantLife(folder);
  try {
    const roles = computeRoles(await recordRights(life));
    for (const name of roleNames)
      writeFileSync(join(projectRoot, rolePath(name)), `${JSON.stringify(roles[name], undefined, 2)}\n`);
  } finally {
    await life.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exit(1);
});
