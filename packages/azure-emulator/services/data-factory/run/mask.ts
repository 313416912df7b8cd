/** What a run shows instead of a secure input or output. */
export const MASK = "**********";

export function masked(value: Readonly<Record<string, unknown>>, secure: boolean): unknown {
  return secure ? { secure: MASK } : value;
}
