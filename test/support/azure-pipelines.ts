import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../local/places";

export interface AzureStep {
  readonly checkout?: string;
  readonly fetchDepth?: number;
  readonly task?: string;
  readonly displayName?: string;
  readonly bash?: string;
  readonly script?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly publish?: string;
  readonly artifact?: string;
  readonly condition?: string;
}

export interface AzureJob {
  readonly job?: string;
  readonly deployment?: string;
  readonly environment?: string;
  readonly condition?: string;
  readonly timeoutInMinutes?: number;
  readonly steps?: readonly AzureStep[];
  readonly strategy?: {
    readonly runOnce?: { readonly deploy: { readonly steps: readonly AzureStep[] } };
    readonly matrix?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

export interface AzureStage {
  readonly stage: string;
  readonly dependsOn?: string | readonly string[];
  readonly condition?: string;
  readonly jobs: readonly AzureJob[];
}

export interface AzurePipeline {
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly default: unknown }[];
  readonly lockBehavior?: string;
  readonly trigger: unknown;
  readonly stages: readonly AzureStage[];
}

export const azureText = readFileSync(join(projectRoot, "azure-pipelines.yml"), "utf8");

/** The pipeline as Azure Pipelines reads it, with these parameters true and the others false. */
export function azurePipeline(...parameters: readonly string[]): AzurePipeline {
  return expand(parse(azureText), parameters) as AzurePipeline;
}

export const azureStepsOf = ({ steps, strategy }: AzureJob): readonly AzureStep[] =>
  steps ?? strategy?.runOnce?.deploy.steps ?? [];

/** The script of the step with that name, unchanged. */
export function azureScript(stage: string, job: string, name: string): string {
  const jobs = azurePipeline("azurePreview", "azureDeploy").stages.find((one) => one.stage === stage)?.jobs;
  const found = jobs?.find((one) => (one.job ?? one.deployment) === job);
  const step = found && azureStepsOf(found).find(({ displayName }) => displayName === name);
  const script = step?.bash ?? step?.inputs?.inlineScript;
  if (typeof script !== "string") throw new Error(`${stage}, ${job} has no script "${name}"`);
  return script;
}

/** Evaluates `${{ if }}` keys: each is replaced by its content, or by nothing. */
function expand(value: unknown, parameters: readonly string[]): unknown {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => {
      const [key, ...others] = typeof item === "object" && item !== null ? Object.keys(item) : [];
      const holds = key === undefined || others.length > 0 ? undefined : condition(key, parameters);
      if (holds === undefined) return [expand(item, parameters)];
      return holds ? (expand(Object.values(item as object)[0], parameters) as unknown[]) : [];
    });
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
      const holds = condition(key, parameters);
      if (holds === undefined) return [[key, expand(inner, parameters)]];
      return holds ? Object.entries(expand(inner, parameters) as object) : [];
    }),
  );
}

function condition(key: string, parameters: readonly string[]): boolean | undefined {
  if (!key.startsWith("${{")) return undefined;
  const [, name] = /^\$\{\{ if eq\(parameters\.(\w+), true\) \}\}$/.exec(key) ?? [];
  if (name === undefined) throw new Error(`Not understood: ${key}`);
  return parameters.includes(name);
}
