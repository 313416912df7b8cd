import type { Shape } from "../../../infra/moves/shape";
import { moveWords } from "../../../infra/moves/words";
import { valueAt } from "../../../packages/kit/property-path";
import { isObject, type JsonObject } from "./json-value";
import type { Effect } from "./model";

/** What a tenant's move makes unreachable, and what a person must do, from the step that remembers where it is. */
export function placementEffects(before: JsonObject, after: JsonObject): Effect[] {
  const [was, is] = [before, after].map((state) => valueAt(state, ["inputs", "shape"]));
  // An earlier version did not remember it.
  if (!isObject(was) || !isObject(is)) return [];
  const effects = [...moveWords(was as unknown as Shape, is as unknown as Shape)];
  return effects.sort((a, b) => Number(b.severe) - Number(a.severe));
}
