import type { EngineEvent } from "@pulumi/pulumi/automation";
import { isJsonObject } from "../../kit/json-object";
import type { DecidedStep } from "./deployment";
import { isSecret, type WireProperties } from "./wire-values";

/** As the engine's event log writes it; what is not known yet stands there as the SDK sends it. */
const SECRET = "[secret]";

/** A step as the engine's event log would tell it. */
export function stepEvent(step: DecidedStep): Partial<Record<keyof EngineEvent, unknown>> {
  return { resourcePreEvent: { metadata: metadataOf(step) } };
}

function metadataOf({ operation, urn, old, now, differences }: DecidedStep): unknown {
  const kinds = Object.entries(differences);
  const tops = (paths: readonly string[]) => [...new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path))];
  return {
    op: operation,
    urn,
    old: old && {
      custom: true,
      protect: old.protect,
      retainOnDelete: old.retainOnDelete,
      inputs: shown(old.inputs),
      outputs: shown(old.outputs),
    },
    new: now && {
      custom: true,
      protect: now.protect,
      retainOnDelete: now.retainOnDelete,
      inputs: shown(now.inputs),
      outputs: {},
    },
    diffs: tops(kinds.map(([path]) => path)),
    keys: tops(kinds.filter(([, kind]) => kind.endsWith("Replace")).map(([path]) => path)),
    detailedDiff: Object.fromEntries(
      kinds.map(([path, kind]) => [path, { diffKind: kind.replace("Replace", "-replace"), inputDiff: true }]),
    ),
  };
}

/** Properties without anything that only the engine may see. */
function shown(properties: WireProperties): Record<string, unknown> {
  const show = (value: unknown): unknown => {
    if (isSecret(value)) return SECRET;
    if (Array.isArray(value)) return value.map(show);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(item)]));
  };
  return show(properties) as Record<string, unknown>;
}
