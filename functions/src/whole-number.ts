/** True for a whole number from `least` on. */
export function isWholeNumber(value: unknown, least: number): value is number {
  return Number.isInteger(value) && (value as number) >= least;
}
