/**
 * Prints a float as .NET Core 3.1 does: the shortest digits that parse to the same value, in scientific notation from
 * 1E+15 up and below 1E-04. `1.0` prints as `1`, `1e21` as `1E+21`.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (Object.is(value, -0)) return "-0";
  if (value === 0) return "0";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -5 && exponent < 15) return plain(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}E${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;

  function plain(number: number): string {
    // JavaScript uses scientific notation below 1e-6, .NET below 1e-4.
    return exponent < -4 ? `${mantissa}E-05` : String(number);
  }
}
