import fc from "fast-check";
import { exactText, isBetweenFloats } from "./exact-values";

const words = (text: string) => text.split(" ");
const around = (bound: bigint) =>
  [bound - 1n, bound, bound + 1n].flatMap((value) => [`${value}`, `-${value}`]);
const nines = (digits: number) => "9".repeat(digits);
const zeros = (digits: number) => "0".repeat(digits);
const powers = (...exponents: readonly number[]) =>
  exponents.flatMap((exponent) => ["1", "-4.9", "9.99"].map((digits) => `${digits}e${exponent}`));
const numbers = [
  ...words(
    "0 -0 +0 -0.0 0e5 +1 --1 +-1 1e 1e+ e5 .e5 1.e5 1E5 1d5 1e5.5 1e0001 . -. - + 1. .0 1.2.3 1,000 1_000",
  ),
  ...words("0x1F (1) NaN Infinity -infinity now ½ １ ٣"),
  ...["", "   ", " 1 ", "- 1", "1 2", "1\t", "\n1", "1\u00a0"],
  // Longer than what a conversion may read of them.
  ...[`1.${zeros(20_000)}1`, `+${zeros(20_000)}x`],
];
const days = [
  ...words(
    "0000-01-01 0000-12-31 0001-01-01 9999-12-31 10000-01-01 -001-01-01 1900-02-29 2000-02-29 2023-02-29",
  ),
  ...words("2024-02-29 2024-02-30 2024-04-31 2024-13-01 2024-00-10 2024-10-00 2024-1-1 20240101 2024/02/29"),
  ...["29.02.2024", " 2024-10-10 ", "0044-03-15 BC", "2024-02-29Z"],
];
const times = [
  ...words("00:00 23:59 24:00 23:60 23:59:59 23:59:60 23:59:59. 1:00 10 10:1 10:11:12.123Z 10:11Z 10:11:12z"),
  ...words(
    "23:59:59.9 23:59:59.99 23:59:59.999 23:59:59.9990 23:59:59.9990000 23:59:59.999000000 10:11:12ZZ",
  ),
  ...words(
    "23:59:59.9991 23:59:59.9995 23:59:59.9999999 23:59:59.999000001 23:59:59.9990000000 00:00:00.0001",
  ),
  ...["10:11:12+00:00", "10:11:12 PM"],
];

/** By type, texts at and beyond the ends of what it holds. */
export const textsAtBounds: Readonly<Record<string, readonly string[]>> = {
  int: [...numbers, ...around(2n ** 31n), ...around(2n ** 32n), "00002147483647", "1.0"],
  bigint: [...numbers, ...around(2n ** 63n), ...around(2n ** 64n), "+09223372036854775807"],
  "decimal(10,2)": [
    ...[...numbers, `0.01${zeros(40)}`, nines(140_000)],
    ...words(
      "99999999.99 -99999999.99 99999999.990 99999999.991 99999999.995 100000000 100000000.00 -.01 .001",
    ),
  ],
  "decimal(38,0)": [...numbers, ...around(10n ** 38n), ...around(10n ** 37n), "1.0", "-.00", "1.5"],
  "decimal(38,38)": [
    ...[...numbers, `0.${nines(38)}`, `-.${nines(38)}`, `0.${nines(38)}0`, `0.${nines(39)}`],
    ...[`0.${zeros(37)}1`, `0.${zeros(38)}1`, "1", "0.5"],
  ],
  "decimal(38,19)": [
    ...[...numbers, `${nines(19)}.${nines(19)}`, `1${zeros(19)}`, `-${nines(19)}.${nines(19)}1`],
    ...[`0.${zeros(18)}1`, `0.${zeros(19)}1`],
  ],
  float: [
    ...[...numbers, ...powers(-400, -324, -323, -309, -308, -307, 14, 15, 306, 308, 309, 400)],
    ...words(
      "2.2250738585072014e-308 -2.2250738585072014E-308 2.2250738585072e-308 0e-400 -0e400 1e-3000 5e-05",
    ),
    ...words(
      "1.797693134862315e308 1.7976931348623157e308 -1.7976931348623157E+308 1.79769313486232e308 123456.789",
    ),
    ...words("0.1 0.3 8.7 -9.95 9007199254740992 0.30000000000000004 0.0001 0.00009999 999999999999999"),
  ],
  bit: [...numbers, ...words("1 TRUE False yes YES y N no t f on off 01 1.0 2 -1 truee ja"), " no "],
  date: [...numbers, ...days, "2024-02-29T00:00", "2024-02-29 00:00:00"],
  datetime2: [
    ...[...numbers, ...days, "2024-02-29T", "2024-02-29 T10:11", "2024-02-29  10:11"],
    ...times.flatMap((time) => [`9999-12-31T${time}`, `0001-01-01 ${time}`, `2023-02-29T${time}`]),
  ],
};

const blanks = fc.constantFrom("", "", "", " ", "  ");
const padded = (value: number, length: number) => `${value}`.padStart(length, "0");
const whole = (digits: number) => fc.stringMatching(new RegExp(`^[+-]?0{0,2}\\d{1,${digits}}$`));
// A text of 38 digits and a fraction is one of 39, which no server need read.
const decimal = (precision: number, scale: number) =>
  fc.oneof(
    whole(precision - scale + 1),
    fc.stringMatching(
      new RegExp(`^[+-]?\\d{0,${precision - scale - (scale === 0 ? 1 : 0)}}(\\.\\d{0,${scale + 1}}0{0,3})?$`),
    ),
  );
// Neither a text in the very middle of two floats nor a float that has such a text, as 1e23: not every engine writes it.
const float = fc
  .oneof(
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.stringMatching(/^[+-]?\d{1,8}(\.\d{0,8})?([eE][+-]?[0-3]?\d{1,2})?$/),
  )
  .filter((text) => ![text, exactText("float", text) ?? ""].some(isBetweenFloats));
const day = fc
  .tuple(fc.constantFrom(0, 1, 1600, 1900, 2023, 2024, 9999), fc.nat(13), fc.nat(32))
  .map(([year, month, date]) => `${padded(year, 4)}-${padded(month, 2)}-${padded(date, 2)}`);
const moment = fc
  .tuple(day, fc.stringMatching(/^([T ][0-2]\d:[0-6]\d(:[0-6]\d(\.\d{1,3}(0{1,4}|\d{1,4})?)?)?Z?)?$/))
  .map((parts) => parts.join(""));

/** Texts of a type, most of them with its form and some of them too large or too exact for it. */
export function randomTexts(type: string): fc.Arbitrary<string> {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  const own: Readonly<Record<string, fc.Arbitrary<string>>> = {
    ...{ int: whole(11), bigint: whole(20), float, date: day, datetime2: moment },
    bit: fc.mixedCase(fc.constantFrom("true", "false", "yes", "no", "y", "n", "0", "1", "on")),
  };
  const short = (textsAtBounds[type] ?? []).filter((text) => text.length < 100);
  const text = fc.oneof(
    { weight: 8, arbitrary: own[type] ?? decimal(Number(precision), Number(scale)) },
    { weight: 1, arbitrary: fc.constantFrom(...short) },
  );
  return fc.tuple(blanks, text, blanks).map((parts) => parts.join(""));
}
