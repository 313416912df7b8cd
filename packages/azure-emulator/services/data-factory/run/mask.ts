/** What a run shows of an input or output whose policy says secure. */
export const MASK = "**********";

export function masked(value: Readonly<Record<string, unknown>>, secure: boolean): unknown {
  return secure ? { secure: MASK } : value;
}
