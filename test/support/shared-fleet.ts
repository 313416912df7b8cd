import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TenantOutcome } from "../../commands/fleet/outcome";
import type { ExistingSettings } from "../../infra/existing/schema";
import { type DeployingEmulator, startWithEngine, stopEmulator } from "../../local/commands/bring-up";
import { removeEverything } from "../../local/commands/server-choice";
import { type Environment, requireEnvironment } from "../../local/environment";
import { type EmulatorVerb, emulatorWork } from "../../local/fleet/emulator-work";
import { commitAll, fleetProject } from "../../local/fleet/testing/fleet-project";
import { edit } from "../../local/fleet/testing/project-copy";
import { makePlatform, type Platform } from "./platform";

/** Tenants in an emulator beside what a platform team has made. */
export interface SharedFleet {
  readonly root: string;
  readonly emulator: DeployingEmulator;
  readonly platform: Platform;
  /** @returns the outcomes that are not done */
  work(verb: EmulatorVerb): Promise<TenantOutcome[]>;
  environment(tenant: string): Promise<Environment>;
  close(): Promise<void>;
}

/** @param choose What the tenants use of the platform. */
export async function sharedFleet(
  tenants: readonly string[],
  choose: (existing: Platform["existing"]) => ExistingSettings = (existing) => existing,
): Promise<SharedFleet> {
  const folder = mkdtempSync(join(tmpdir(), "qt-shared-"));
  const local = join(folder, "local");
  const root = fleetProject(join(folder, "project"), tenants);
  const emulator = await startWithEngine({ folder: local, pulumi: "in-process", limits: "enterprise" });
  const platform = await makePlatform(emulator);
  const existing = JSON.stringify(choose(platform.existing));
  edit(root, "Pulumi.yaml", (text) =>
    text.replace("config:\n", `config:\n  existing: {default: ${existing}}\n`),
  );
  commitAll(root);
  return {
    root,
    emulator,
    platform,
    async work(verb) {
      const failed: TenantOutcome[] = [];
      await emulatorWork[verb](emulator, {
        ...{ root, folder: local, tenants, refresh: false, stop: new AbortController().signal },
        onEvent: (event) => {
          if (event.kind === "ended" && event.outcome.status !== "done") failed.push(event.outcome);
        },
      });
      return failed;
    },
    environment: (tenant) => requireEnvironment(local, tenant),
    async close() {
      await stopEmulator(emulator);
      await removeEverything(local);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
