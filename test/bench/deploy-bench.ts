import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bringUp, stopEmulator } from "../../local/commands/bring-up";
import type { StartResult } from "../../local/commands/start";
import { stackRequest } from "../../local/deploy-stack";
import { projectRoot } from "../../local/places";
import { readTenantStack } from "../../local/tenant-stack";
import type { Figure } from "./benchmark";

/** `npm start -- --once` once everything is installed: from the shell to the end of the first sync. */
export async function benchReady({ folder }: { folder: string }): Promise<Figure[]> {
  const started = performance.now();
  const run = spawnSync(
    process.execPath,
    [join(projectRoot, "scripts/bootstrap.mjs"), "commands/local/cli.ts", "start", "--once", "--json"],
    { cwd: projectRoot, encoding: "utf8", env: { ...process.env, QT_LOCAL_FOLDER: join(folder, "local") } },
  );
  const wall = performance.now() - started;
  if (run.status !== 0) throw new Error(run.stderr);
  const result = JSON.parse(run.stdout) as StartResult;
  return [
    {
      name: "npm start: to the end of the first sync",
      value: result.readyMs / 1000,
      unit: "s",
      aim: "< 10 s",
    },
    { name: "npm start -- --once: the whole demonstration", value: wall / 1000, unit: "s" },
    ...result.landed.map(({ durationMs, generation }) => ({
      name: `event to rows visible, 20,000 rows, snapshot ${generation + 1}`,
      value: durationMs / 1000,
      unit: "s",
      aim: "< 3 s",
    })),
  ];
}

/** Preview and up of a whole tenant, then a second up and a second preview. */
export async function benchPulumi({ folder }: { folder: string }): Promise<Figure[]> {
  const options = { folder, stack: "dev", pulumi: "auto" as const };
  const running = await bringUp(options);
  const { engine, azure, deployment } = running;
  const tenant = readTenantStack(projectRoot, "dev", azure.context);
  const stack = stackRequest(tenant);
  const again = await engine.up(stack);
  const preview = await engine.preview(stack);
  await stopEmulator(running);
  const seconds = (name: string, milliseconds: number, aim?: string): Figure => ({
    name: `${name} (${engine.kind})`,
    value: milliseconds / 1000,
    unit: "s",
    ...(aim === undefined ? {} : { aim }),
  });
  return [
    { name: "resources deployed", value: deployment.result.creates, unit: "" },
    seconds("first up", deployment.result.durationMs, "< 5 s"),
    seconds("up without a change", again.durationMs),
    seconds("preview without a change", preview.durationMs, "< 5 s"),
  ];
}
