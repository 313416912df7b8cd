import type { JsonObject } from "./json-value";
import type { PropertyChange } from "./model";
import { parsePath, valueAt } from "./property-path";

/** The imperative steps of infra/steps/, by type token. */
export const stepType = {
  migration: "pulumi-nodejs:quantemplate:database-migration",
  runbook: "pulumi-nodejs:quantemplate:runbook-content",
  code: "pulumi-nodejs:quantemplate:function-code",
  key: "pulumi-nodejs:quantemplate:function-key",
  webhookUri: "pulumi-nodejs:quantemplate:webhook-uri",
} as const;

/** The script that a step publishes. */
export function scriptFile(type: string, inputs: JsonObject): string | undefined {
  const file = type === stepType.runbook ? valueAt(inputs, ["inputs", "file"]) : undefined;
  return typeof file === "string" ? file : undefined;
}

/** Lists the migration's SQL files by name: a checksum tells nobody anything. Other changes stay as they are. */
export function migrationFiles(type: string, changes: readonly PropertyChange[]): PropertyChange[] {
  if (type !== stepType.migration) return [...changes];
  return changes.map((change) => {
    const [, files, name] = parsePath(change.path);
    if (files !== "files" || name === undefined) return change;
    const { kind, secret, replaces } = change;
    return { path: `database/tsql/${name}`, kind, form: "name", secret, replaces };
  });
}
