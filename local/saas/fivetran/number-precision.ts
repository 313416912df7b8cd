/** Every number with at most this many digits survives as a double. */
const SAFE_DIGITS = 15;

/**
 * True if a reader that stores numbers as doubles, as most JSON readers do, would read a different value than the text
 * says: an integer beyond 2^53, a fraction with too many digits, or a number that is too large.
 */
export function losesPrecision(text: string): boolean {
  if (text.length <= SAFE_DIGITS && !/[eE]/.test(text)) return false;
  const exact = digitsOf(text);
  if (exact.digits.length <= SAFE_DIGITS && Math.abs(exact.exponent) < 300) return false;
  const number = Number(text);
  if (!Number.isFinite(number)) return true;
  const kept = digitsOf(String(number));
  return kept.digits !== exact.digits || kept.exponent !== exact.exponent;
}

/** Significant digits without zeros at either end, and the power of ten of the last one. */
function digitsOf(text: string): { digits: string; exponent: number } {
  const [, whole = "", fraction = "", power = "0"] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  if (trimmed === "") return { digits: "0", exponent: 0 };
  return { digits: trimmed, exponent: Number(power) - fraction.length + (digits.length - trimmed.length) };
}
