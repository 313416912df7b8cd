import { readMigrationFiles } from "../../database/migration-files";
import { packageFunction } from "../../functions/build";
import { RUNBOOK_FILE } from "../automation";
import { projectText } from "../project-text";
import { definitionHash } from "../steps/trigger-definition";
import { readDefinitions } from "../studio-files";
import { unhoist } from "../studio-json";

/** Replaces each value that is a file's content with a name: the content is reviewed in its file. */
export type NameContents = (inputs: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/**
 * Knows the current contents of the files that the program passes on. A change in such a file does not change a picture, but
 * another file in its place does.
 */
export async function knownContents(): Promise<NameContents> {
  const { objects } = readDefinitions();
  const checksums = Object.fromEntries(readMigrationFiles().map(({ name, checksum }) => [name, checksum]));
  const { sha256: packageHash } = await packageFunction();
  const names = new Map<string, string>([
    [stableJson(projectText(RUNBOOK_FILE)), `(text of ${RUNBOOK_FILE})`],
    [stableJson(checksums), "(checksum of each file of database/tsql)"],
    [stableJson(packageHash), "(hash of the function's package)"],
  ]);
  for (const { kind, name, properties } of objects) {
    const file = `adf-definitions/${kind}/${name}.json`;
    names.set(stableJson(properties), `(hoisted from ${file})`);
    names.set(stableJson(definitionHash(unhoist(kind, properties))), `(hash of ${file})`);
  }
  const named = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return names.get(stableJson(value)) ?? value;
    if (Array.isArray(value)) return value.map(named);
    return names.get(stableJson(value)) ?? mapValues(value, named);
  };
  // A pipeline's properties are mixed with its other inputs.
  const pipelines = objects.filter(({ kind }) => kind === "pipeline");
  return (inputs) => {
    const pipeline = pipelines.find(({ properties }) =>
      Object.entries(properties).every(([key, value]) => stableJson(inputs[key]) === stableJson(value)),
    );
    if (pipeline === undefined) return mapValues(inputs, named);
    const { name, properties } = pipeline;
    const others = Object.entries(inputs).filter(([key]) => !(key in properties));
    const file = `adf-definitions/pipeline/${name}.json`;
    return { ...mapValues(Object.fromEntries(others), named), "(properties)": `(hoisted from ${file})` };
  };
}

/** JSON with sorted keys. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function mapValues(object: object, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
