import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../local/places";

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly "continue-on-error"?: boolean;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly name?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly Step[];
  readonly "timeout-minutes"?: number;
}

export interface Workflow {
  /** Its name below .github/workflows/. */
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency?: {
    readonly group: string;
    readonly "cancel-in-progress": boolean;
    readonly queue?: string;
  };
  readonly jobs: Readonly<Record<string, Job>>;
}

export const workflowsFolder = join(projectRoot, ".github", "workflows");

export const workflows: readonly Workflow[] = globSync("*.yml", { cwd: workflowsFolder })
  .sort()
  .map((file) => {
    const text = readFileSync(join(workflowsFolder, file), "utf8");
    return { ...(parse(text) as Omit<Workflow, "file" | "text">), file, text };
  });

/** The step with that name. */
export function workflowStep(file: string, name: string): Step {
  const jobs = Object.values(workflows.find((workflow) => workflow.file === file)?.jobs ?? {});
  const step = jobs.flatMap(({ steps = [] }) => steps).find((one) => one.name === name);
  if (step === undefined) throw new Error(`${file} has no step "${name}"`);
  return step;
}
