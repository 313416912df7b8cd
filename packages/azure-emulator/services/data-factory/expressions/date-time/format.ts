import { ExpressionError } from "../expression-error";
import { type DateTime, type Fields, fields } from "./date-time";

/** .NET's standard formats under en-US as custom formats. */
const standard: Readonly<Record<string, string>> = {
  d: "M/d/yyyy",
  D: "dddd, MMMM d, yyyy",
  f: "dddd, MMMM d, yyyy h:mm tt",
  F: "dddd, MMMM d, yyyy h:mm:ss tt",
  g: "M/d/yyyy h:mm tt",
  G: "M/d/yyyy h:mm:ss tt",
  m: "MMMM d",
  M: "MMMM d",
  o: "yyyy-MM-ddTHH:mm:ss.fffffffK",
  O: "yyyy-MM-ddTHH:mm:ss.fffffffK",
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: "yyyy-MM-ddTHH:mm:ss",
  t: "h:mm tt",
  T: "h:mm:ss tt",
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  U: "dddd, MMMM d, yyyy h:mm:ss tt",
  y: "MMMM yyyy",
  Y: "MMMM yyyy",
};

/**
 * Formats a date with a standard or custom .NET format. An empty format is `G`.
 * @throws ExpressionError if .NET would refuse the format
 */
export function formatDateTime(value: DateTime, format: string, locale = "en-US"): string {
  if (format === "") return formatDateTime(value, "G", locale);
  if (format.length === 1) {
    const pattern = standard[format];
    if (pattern === undefined) throw invalid(format);
    return custom(value, pattern, locale);
  }
  return custom(value, format, locale);
}

function custom(value: DateTime, format: string, locale: string): string {
  const now = fields(value);
  let result = "";
  for (let at = 0; at < format.length; ) {
    const c = format.charAt(at);
    if (c === "'" || c === '"') {
      const close = format.indexOf(c, at + 1);
      if (close < 0) throw invalid(format);
      result += format.slice(at + 1, close);
      at = close + 1;
    } else if (c === "\\") {
      if (at + 1 >= format.length) throw invalid(format);
      result += format.charAt(at + 1);
      at += 2;
    } else if (c === "%") {
      if (at + 1 >= format.length || format[at + 1] === "%") throw invalid(format);
      at += 1;
    } else {
      let end = at + 1;
      while (format[end] === c) end++;
      const piece = specifier(c, end - at, value, now, locale);
      if (piece === undefined) result += format.slice(at, end);
      // If an `F` prints nothing, .NET drops the point before it.
      else if (c === "F" && piece === "" && result.endsWith(".")) result = result.slice(0, -1);
      else result += piece;
      at = end;
    }
  }
  return result;
}

function specifier(
  c: string,
  count: number,
  value: DateTime,
  now: Fields,
  locale: string,
): string | undefined {
  switch (c) {
    case "d":
      return count <= 2
        ? pad(now.day, count)
        : name(now, locale, { weekday: count === 3 ? "short" : "long" });
    case "M":
      return count <= 2
        ? pad(now.month, count)
        : name(now, locale, { month: count === 3 ? "short" : "long" });
    case "y":
      return count <= 2 ? pad(now.year % 100, count) : pad(now.year, count);
    case "h":
      return pad(now.hour % 12 === 0 ? 12 : now.hour % 12, Math.min(count, 2));
    case "H":
      return pad(now.hour, Math.min(count, 2));
    case "m":
      return pad(now.minute, Math.min(count, 2));
    case "s":
      return pad(now.second, Math.min(count, 2));
    case "f":
    case "F":
      return fraction(now, c, count);
    case "t":
      return (now.hour < 12 ? "AM" : "PM").slice(0, count);
    case "g":
      return "A.D.";
    case "K":
      return (value.kind === "utc" ? "Z" : value.kind === "local" ? "+00:00" : "").repeat(count);
    case "z":
      return count === 1 ? "+0" : count === 2 ? "+00" : "+00:00";
    default:
      return undefined;
  }
}

function fraction(now: Fields, c: "f" | "F", count: number): string {
  if (count > 7) throw new ExpressionError("a date format has at most seven f or F.");
  const digits = pad(now.fraction, 7).slice(0, count);
  return c === "f" ? digits : digits.replace(/0+$/, "");
}

function name(now: Fields, locale: string, part: Intl.DateTimeFormatOptions): string {
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(now.year, now.month - 1, now.day);
  try {
    return new Intl.DateTimeFormat(locale, { ...part, timeZone: "UTC" }).format(date);
  } catch {
    throw new ExpressionError(`the locale '${locale}' is not known.`);
  }
}

function pad(number: number, width: number): string {
  return String(number).padStart(width, "0");
}

function invalid(format: string): ExpressionError {
  return new ExpressionError(`the date format '${format}' is not valid.`);
}
