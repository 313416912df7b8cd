import { parsePath, valueAt } from "../../../packages/kit/property-path";
import { itemChanges } from "./item-changes";
import type { JsonObject } from "./json-value";
import type { PropertyChange } from "./model";

/** The imperative steps of infra/steps/, by type token. */
export const stepType = {
  migration: "pulumi-nodejs:dynamic/quantemplate:database-migration",
  runbook: "pulumi-nodejs:dynamic/quantemplate:runbook-content",
  code: "pulumi-nodejs:dynamic/quantemplate:function-code",
  key: "pulumi-nodejs:dynamic/quantemplate:function-key",
  clientId: "pulumi-nodejs:dynamic/quantemplate:identity-client-id",
  placement: "pulumi-nodejs:dynamic/quantemplate:placement",
  webhookUri: "pulumi-nodejs:dynamic/quantemplate:webhook-uri",
} as const;

/** The folder of the migration's files. */
export const SQL_FILES = "database/tsql/";

/** The script that a step publishes. */
export function scriptFile(type: string, inputs: JsonObject): string | undefined {
  const file = type === stepType.runbook ? valueAt(inputs, ["inputs", "file"]) : undefined;
  return typeof file === "string" ? file : undefined;
}

/** The lists among the migration's inputs, with the member that identifies their items. */
const itemKeys: Readonly<Record<string, string>> = { datasets: "id", users: "name" };

/**
 * A step's changes in a readable form: the migration's SQL files by name, because a checksum means nothing to people, its datasets
 * and users one by one, a script under its file, and other inputs without the prefix `inputs`.
 * @param before The step's properties before the change; `after`: after it.
 */
export function stepChanges(
  type: string,
  changes: readonly PropertyChange[],
  file: string | undefined,
  before: JsonObject,
  after: JsonObject,
): PropertyChange[] {
  if (!type.startsWith("pulumi-nodejs:")) return [...changes];
  return changes.flatMap((change) => {
    const [inputs, input, name] = parsePath(change.path).map(String);
    if (inputs !== "inputs" || input === undefined) return [change];
    const plain = { ...change, path: change.path.slice("inputs.".length) };
    if (type === stepType.migration) {
      if (input === "files" && name !== undefined) {
        const { kind, secret, replaces } = change;
        return [{ path: `${SQL_FILES}${name}`, kind, form: "name", secret, replaces }];
      }
      const key = itemKeys[input];
      if (key === undefined) return [plain];
      const path = ["inputs", input];
      return itemChanges(input, key, valueAt(before, path), valueAt(after, path)) ?? [plain];
    }
    const isScript = type === stepType.runbook && input === "content" && file !== undefined;
    return [isScript ? { ...change, path: file } : plain];
  });
}
