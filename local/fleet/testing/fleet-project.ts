import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyProject } from "./project-copy";

/** A copy of the project under git, with its tenants committed; `dev` is included only if it is named. */
export function fleetProject(folder: string, tenants: readonly string[]): string {
  const project = copyProject(folder);
  const dev = readFileSync(join(project, "Pulumi.dev.yaml"), "utf8");
  for (const tenant of tenants) {
    const text = dev
      .replace(/organisationId: .*/, `organisationId: org-${tenant}`)
      .replace(/clientId: .*/, `clientId: ${tenant}-azure`);
    writeFileSync(join(project, `Pulumi.${tenant}.yaml`), text);
  }
  writeFileSync(join(project, ".gitignore"), "node_modules\n.fleet\n.local\n");
  if (!tenants.includes("dev")) rmSync(join(project, "Pulumi.dev.yaml"));
  git(project, "init", "--quiet");
  commitAll(project);
  return project;
}

export function commitAll(project: string): void {
  git(project, "add", "--all");
  git(project, "commit", "--quiet", "--message", "As it is");
}

function git(project: string, ...args: readonly string[]): void {
  const author = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...author, ...args], { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
}
