import { type ConfigMistake, configKey, LOCATION_KEY, SECRET_KEY } from "../infra/config-check";
import { stackName } from "./stack-name";
import { type JsonSchema, settingsSchema } from "./tenant-schema";

/**
 * What to write or run to correct a mistake in the tenant's configuration.
 * @param value The current value; undefined if there is none.
 */
export function fixOf({ path, message }: ConfigMistake, tenant: string, value: unknown): string {
  const key = configKey(path);
  if (message.startsWith("is not a setting")) return spelling(path);
  if (key === SECRET_KEY) {
    return `Run: pulumi config set --secret ${SECRET_KEY} -s ${stackName(tenant)}. Only the emulator works without it.`;
  }
  if (message.startsWith("expects a unique ")) return "Give one of the two another name, or remove it.";
  const wanted = message.replace(/^expects /, "");
  if (wanted === "text" && ["number", "boolean"].includes(typeof value)) {
    return `Write "${value}", with the quotes.`;
  }
  if (wanted.startsWith("no ")) return "Remove it.";
  return value !== undefined
    ? `Write ${wanted}.`
    : `Add ${key}: ${wanted}. In Pulumi.yaml it applies to every tenant.`;
}

function spelling(path: ConfigMistake["path"]): string {
  const known = knownBeside(path);
  const unknown = String(path.at(-1)).replace(/^quantemplate:/, "");
  const near = nearest(unknown, known);
  return near === undefined ? `Remove it; the known ones are: ${known.join(", ")}.` : `Write ${near}.`;
}

/** The settings that the schema knows at the end of the path. */
function knownBeside([head, ...rest]: ConfigMistake["path"]): string[] {
  if (!head.startsWith("quantemplate:")) return [LOCATION_KEY];
  let schema: JsonSchema | undefined = settingsSchema();
  for (const part of [head.replace(/^quantemplate:/, ""), ...rest].slice(0, -1)) {
    const values: JsonSchema | undefined =
      typeof schema?.additionalProperties === "object" ? schema.additionalProperties : undefined;
    schema = typeof part === "number" ? schema?.items : (schema?.properties?.[String(part)] ?? values);
  }
  return Object.keys(schema?.properties ?? {});
}

/** The name that was most likely meant: at most a third of its letters differ. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** The number of letters to insert, drop, replace, or swap with the next (Damerau's distance, each letter swapped once). */
function editDistance(a: string, b: string): number {
  let [before, row]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row?.[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before?.[j - 2] ?? 0) + 1 : replaced;
      next[j] = Math.min(replaced, swapped, (row?.[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    [before, row] = [row, next];
  }
  return row?.[b.length] ?? 0;
}
