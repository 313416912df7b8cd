import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "../../../infra/project-text";

/** Files of the program and the tenants. */
const parts = [
  "adf-definitions",
  "database",
  "errors",
  "functions",
  "infra",
  "packages/azure-resource-types",
  "packages/kit",
  "runbooks",
  "tenants",
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/** Copies the program of the working tree, for tests that change it. */
export function copyProject(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const filter = (path: string) => !["dist", "node_modules"].includes(basename(path));
  for (const part of parts) cpSync(join(projectRoot, part), join(folder, part), { recursive: true, filter });
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}

/** Makes tenants of the fleet in place of the copy's sample, which only the emulator has. */
export function replaceSample(folder: string, tenants: readonly string[]): void {
  const sample = join(folder, "Pulumi.dev.yaml");
  const text = readFileSync(sample, "utf8").replace("  quantemplate:emulatorOnly: true\n", "");
  for (const tenant of tenants)
    writeFileSync(join(folder, `Pulumi.${tenant}.yaml`), text.replace("org-northgate-mga", `org-${tenant}`));
  rmSync(sample);
}

/** Changes a file of a copy; fails if the edit changes nothing. */
export function edit(folder: string, file: string, change: (text: string) => string): void {
  const path = join(folder, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`${file}: the edit changes nothing`);
  writeFileSync(path, after);
}
