import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Bytes of V8's young generation that pages are built in without its collector working harder. */
const ENOUGH_BYTES = 16_000_000;

/**
 * Ends the growth of V8's young generation, which would double now and then for as long as pages are built: the memory of a long sync
 * would exceed that of a short one without need. To be called after a page. Node offers no option that a bundle could set for this.
 */
export function boundYoungGeneration(): void {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  if (space !== undefined && space.space_size >= ENOUGH_BYTES)
    setFlagsFromString("--semi-space-growth-factor=1");
}
