/** A range of IPv4 addresses. */
export interface AddressRange {
  /** As numbers; `last` is in the range. */
  readonly first: number;
  readonly last: number;
  /** Bits of the prefix: 24 of `10.0.0.0/24`. */
  readonly bits: number;
}

/** @returns undefined if the text is no IPv4 address. */
export function addressNumber(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

export function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/**
 * Reads `10.0.0.0/24`, or a single address.
 * @returns undefined if it is none. `first` is the address that is written, even if it is not where the range begins.
 */
export function parseRange(text: string): AddressRange | undefined {
  const [address = "", prefix = "32", ...more] = text.split("/");
  const first = addressNumber(address);
  const bits = /^\d{1,2}$/.test(prefix) ? Number(prefix) : 33;
  if (first === undefined || bits > 32 || more.length > 0) return undefined;
  return { first, last: first + 2 ** (32 - bits) - 1, bits };
}

/** True if the range begins where a range of its size can begin. */
export function isAligned({ first, bits }: AddressRange): boolean {
  return first % 2 ** (32 - bits) === 0;
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** True if one of the ranges, as text, has the address. */
export function isIn(address: string, ranges: readonly string[]): boolean {
  const number = addressNumber(address);
  if (number === undefined) return false;
  return ranges.some((text) => {
    const range = parseRange(text);
    return range !== undefined && range.first <= number && number <= range.last;
  });
}
