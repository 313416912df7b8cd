import type { Moved } from "./schema";

/** The generation that a move makes, and the one before as long as the tenant keeps it; that one is made first. */
export function generations<Place>(
  { generation, from }: Moved,
  make: {
    readonly former: (generation: number) => Place;
    readonly current: (generation: number, former: Place | undefined) => Place;
  },
): { readonly current: Place; readonly former: Place | undefined } {
  const former = from === undefined ? undefined : make.former(generation - 1);
  return { current: make.current(generation, former), former };
}
