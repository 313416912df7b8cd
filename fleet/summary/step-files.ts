import type { JsonObject } from "./json-value";
import type { PropertyChange } from "./model";
import { parsePath, valueAt } from "./property-path";

/** The imperative steps of infra/steps/, by type token. */
export const stepType = {
  migration: "pulumi-nodejs:dynamic/quantemplate:database-migration",
  runbook: "pulumi-nodejs:dynamic/quantemplate:runbook-content",
  code: "pulumi-nodejs:dynamic/quantemplate:function-code",
  key: "pulumi-nodejs:dynamic/quantemplate:function-key",
  webhookUri: "pulumi-nodejs:dynamic/quantemplate:webhook-uri",
} as const;

/** The script that a step publishes. */
export function scriptFile(type: string, inputs: JsonObject): string | undefined {
  const file = type === stepType.runbook ? valueAt(inputs, ["inputs", "file"]) : undefined;
  return typeof file === "string" ? file : undefined;
}

/**
 * A step's changes as people know them: the migration's SQL files by name, for a checksum tells nobody anything; a script
 * under its file; other inputs without the member that holds them all.
 */
export function stepChanges(
  type: string,
  changes: readonly PropertyChange[],
  file: string | undefined,
): PropertyChange[] {
  if (!type.startsWith("pulumi-nodejs:")) return [...changes];
  return changes.map((change) => {
    const [inputs, input, name] = parsePath(change.path);
    if (inputs !== "inputs" || input === undefined) return change;
    if (type === stepType.migration && input === "files" && name !== undefined) {
      const { kind, secret, replaces } = change;
      return { path: `database/tsql/${name}`, kind, form: "name", secret, replaces };
    }
    const isScript = type === stepType.runbook && input === "content" && file !== undefined;
    return { ...change, path: isScript ? file : change.path.slice("inputs.".length) };
  });
}
