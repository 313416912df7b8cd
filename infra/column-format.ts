/** The signs that can stand between thousands; the last two are no-break spaces. */
export const THOUSANDS = [",", ".", " ", "'", "\u00a0", "\u202f"] as const;
export const DECIMALS = [".", ","] as const;

/** How a column's texts are written, as far as it is declared. */
export interface WrittenAs {
  readonly type: string;
  readonly format?: string | undefined;
  readonly thousands?: string | undefined;
  readonly decimal?: string | undefined;
  readonly percent?: boolean | undefined;
}

/** What a declaration is lacking or has too much, as the setting and what it expects. qt.configure refuses the same (QT4027). */
export function formatMistake(declared: WrittenAs): [keyof WrittenAs, string] | undefined {
  const { type, format, thousands, decimal = ".", percent = false } = declared;
  const isWhole = type === "int" || type === "bigint";
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type)?.map(Number) ?? [];
  const isNumber = isWhole || type === "float" || precision !== undefined;
  if (format !== undefined) {
    const expected = dayFormatMistake(type, format);
    if (expected !== undefined) return ["format", expected];
  }
  if (!isNumber) {
    if (thousands !== undefined) return ["thousands", numbersOnly(type)];
    if (declared.decimal !== undefined) return ["decimal", numbersOnly(type)];
    if (percent) return ["percent", percents];
    return undefined;
  }
  if (thousands === decimal && !(isWhole && declared.decimal === undefined))
    return ["thousands", `another sign than decimal, which is "${decimal}"`];
  if (!percent) return undefined;
  return isWhole || (precision ?? 1) > 35 || (scale ?? 2) < 2 ? ["percent", percents] : undefined;
}

const percents =
  "float or decimal(p,s) with p up to 35 and s from 2, because a hundredth has two digits more than its percentage";
const numbersOnly = (type: string) => `a number, not ${type}`;
const parts = "yyyy; MM, M or MMM; dd or d; for datetime2 also HH or H, mm, ss and fff";

/** The parts of a format, by a letter for each: the notation of database/tsql/repeatable/format-tokens.sql. */
const kinds = new Map(
  Object.entries({ yyyy: "y", MM: "O", M: "o", MMM: "N", dd: "D", d: "d" }).concat(
    Object.entries({ HH: "H", H: "h", mm: "m", ss: "s", fff: "f" }),
  ),
);

function dayFormatMistake(type: string, format: string): string | undefined {
  if (type !== "date" && type !== "datetime2") return `date or datetime2, not ${type}`;
  if (format.trim() !== format || format.length === 0 || format.length > 40)
    return "1 to 40 characters without blanks around them";
  const tokens = format.match(/y+|M+|d+|H+|m+|s+|f+|./gsu) ?? [];
  if (tokens.some((token) => /^y{1,3}$/.test(token)))
    return "a year of four digits (yyyy), because the century of two would be a guess";
  const letters = tokens.map((token) => kinds.get(token) ?? (isLiteral(token) ? "l" : "?")).join("");
  if (letters.includes("?"))
    return `${parts}; other letters of such notations (hh, tt, YYYY), digits and backslashes cannot stand for themselves`;
  if (!["y", "[OoN]", "[Dd]"].every((part) => count(letters, part) === 1))
    return "a year (yyyy), a month (MM, M or MMM) and a day (dd or d), each once";
  if (["[Hh]", "m", "s", "f"].some((part) => count(letters, part) > 1)) return "each part once";
  const [hour, minute, second, fraction] = ["[Hh]", "m", "s", "f"].map((part) => count(letters, part));
  if (type === "date" && hour === 1) return "no time in a date; a datetime2 has one";
  if (hour !== minute || (second === 1 && minute === 0) || (fraction === 1 && second === 0))
    return "a time from its hours (HH or H) and minutes (mm) on, then ss, then fff";
  if (/f./.test(letters)) return "fff at the end";
  if (/[odh][yOoDdHhmsf]/.test(letters))
    return "another character after M, d or H, which have one digit or two";
  return undefined;
}

/** Letters that stand for something, here or in other notations, would be misunderstood; surrogates are half characters to SQL Server. */
function isLiteral(character: string): boolean {
  return !/[yYMDdHhmsSfta0-9\\\p{Cc}\u{10000}-\u{10ffff}]/u.test(character);
}

function count(letters: string, part: string): number {
  return letters.match(new RegExp(part, "g"))?.length ?? 0;
}

/** How a number is written, as the text of 1234.5: `1.234,5%`. Undefined for the plain form; see database/tsql/repeatable/number-format.sql. */
export function writtenAs({ type, format, thousands, decimal, percent }: WrittenAs): string | undefined {
  if (format !== undefined) return format;
  const isWhole = type === "int" || type === "bigint";
  if (thousands === undefined && percent !== true && (isWhole || decimal === undefined || decimal === "."))
    return undefined;
  return `1${thousands ?? ""}234${isWhole ? "" : `${decimal ?? "."}5`}${percent === true ? "%" : ""}`;
}
