import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Size of V8's young generation, in bytes, that is enough to build pages without extra garbage collection. */
const ENOUGH_BYTES = 16_000_000;

/**
 * Stops the growth of V8's young generation, which would otherwise double repeatedly while pages are built, so that a long sync would
 * need more memory than a short one. Call it after each page. Node has no option that a bundle could set for this.
 */
export function boundYoungGeneration(): void {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  if (space !== undefined && space.space_size >= ENOUGH_BYTES)
    setFlagsFromString("--semi-space-growth-factor=1");
}
