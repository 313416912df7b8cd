import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { commitAll, fleetProject } from "../../local/fleet/testing/fleet-project";
import { edit } from "../../local/fleet/testing/project-copy";
import { platformIds } from "../support/platform";
import type { Figure } from "./benchmark";
import { childrenMegabytes, cpuSeconds } from "./process-usage";

const TENANTS = 50;
const SAMPLE_MS = 200;

/** `fleet preview --local --base HEAD` of a change to a pipeline, for many tenants. */
export function benchFleet({ folder }: { folder: string }): Promise<Figure[]> {
  return previewFleet(folder, "", () => {});
}

/** The same of tenants that share one Automation account, SQL server and workspace. */
export function benchSharedFleet({ folder }: { folder: string }): Promise<Figure[]> {
  const { automationAccount, sqlServer, logAnalyticsWorkspace } = platformIds(
    "00000000-0000-0000-0000-000000000000",
  );
  const existing = JSON.stringify({ automationAccount, sqlServer, logAnalyticsWorkspace });
  return previewFleet(folder, " that share", (project) => {
    edit(project, "Pulumi.yaml", (text) =>
      text.replace("config:\n", `config:\n  existing: {default: ${existing}}\n`),
    );
    commitAll(project);
  });
}

async function previewFleet(
  folder: string,
  what: string,
  prepare: (project: string) => void,
): Promise<Figure[]> {
  const names = Array.from({ length: TENANTS }, (_, i) => `tenant-${String(i + 1).padStart(2, "0")}`);
  const project = fleetProject(join(folder, "project"), names);
  prepare(project);
  edit(project, "adf-definitions/pipeline/QT_fetch_data.json", (text) =>
    text.replace(/"retry": \d+/, '"retry": 9'),
  );
  const comment = join(folder, "comment.md");
  const { seconds, cpu, peak } = await measured([
    ...[join(__dirname, "..", "..", "commands", "fleet", "cli.ts"), "-C", project, "preview", "--local"],
    ...["--base", "HEAD", "--markdown", comment],
  ]);
  return [
    { name: `fleet preview --local, ${TENANTS} tenants${what}`, value: seconds, unit: "s", aim: "< 60 s" },
    { name: "  of that, CPU a tenant (all processes)", value: (cpu / TENANTS) * 1000, unit: "ms" },
    { name: "  peak memory of all its processes", value: peak, unit: "MB" },
    { name: "  comment for all tenants", value: statSync(comment).size / 1000, unit: "kB", aim: "< 65 kB" },
  ];
}

async function measured(args: readonly string[]): Promise<{ seconds: number; cpu: number; peak: number }> {
  const started = performance.now();
  const before = cpuSeconds();
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, childrenMegabytes());
  }, SAMPLE_MS);
  const child = spawn(process.execPath, ["--require", "tsx/cjs", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((resolve) => child.once("close", resolve)).finally(() =>
    clearInterval(timer),
  );
  if (code !== 0) throw new Error(`The preview ended with code ${code}`);
  return { seconds: (performance.now() - started) / 1000, cpu: cpuSeconds() - before, peak };
}
