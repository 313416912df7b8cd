import type { EngineEvent } from "@pulumi/pulumi/automation";
import { isJsonObject } from "../../kit/json-object";
import type { PlannedStep } from "./deployment";
import { isSecret, type WireProperties } from "./wire-values";

/** How the engine's event log masks a secret. An unknown value appears there as the SDK sends it. */
const SECRET = "[secret]";

/** A step in the format of the engine's event log. */
export function stepEvent(step: PlannedStep): Partial<Record<keyof EngineEvent, unknown>> {
  return { resourcePreEvent: { metadata: metadataOf(step) } };
}

/** What a refresh found, in that format: the engine tells the result only after it has read. */
export function foundEvents(step: PlannedStep): Partial<Record<keyof EngineEvent, unknown>>[] {
  const metadata = metadataOf(step);
  return [
    { resourcePreEvent: { metadata: { ...metadata, op: "refresh" } } },
    { resOutputsEvent: { metadata } },
  ];
}

function metadataOf({
  operation,
  urn,
  old,
  now,
  differences,
}: PlannedStep): Readonly<Record<string, unknown>> {
  const kinds = Object.entries(differences);
  const topLevel = (paths: readonly string[]) => [
    ...new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path)),
  ];
  return {
    op: operation,
    urn,
    old: old && {
      custom: true,
      protect: old.protect,
      retainOnDelete: old.retainOnDelete,
      inputs: maskSecrets(old.inputs),
      outputs: maskSecrets(old.outputs),
    },
    new: now && {
      custom: true,
      protect: now.protect,
      retainOnDelete: now.retainOnDelete,
      inputs: maskSecrets(now.inputs),
      outputs: {},
    },
    diffs: topLevel(kinds.map(([path]) => path)),
    keys: topLevel(kinds.filter(([, kind]) => kind.endsWith("Replace")).map(([path]) => path)),
    detailedDiff: Object.fromEntries(
      kinds.map(([path, kind]) => [path, { diffKind: kind.replace("Replace", "-replace"), inputDiff: true }]),
    ),
  };
}

/** Replaces every secret, at any depth. */
function maskSecrets(properties: WireProperties): Record<string, unknown> {
  const mask = (value: unknown): unknown => {
    if (isSecret(value)) return SECRET;
    if (Array.isArray(value)) return value.map(mask);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item)]));
  };
  return mask(properties) as Record<string, unknown>;
}
