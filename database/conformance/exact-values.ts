/** The size of a whole number, without its sign. */
const bits = new Map([
  ["int", 31n],
  ["bigint", 63n],
]);

/**
 * What a text is under a declared type, by arithmetic of its own: the one text form of exactly that value, for a float of the nearest one.
 * @returns null for a blank, undefined for what the type does not hold.
 */
export function exactText(type: string, raw: string): string | null | undefined {
  const text = raw.replace(/^ +| +$/g, "");
  if (text === "") return null;
  const size = bits.get(type);
  if (size !== undefined) return wholeText(text, size);
  if (type === "float") return floatText(text);
  if (type === "bit") return bitText(text);
  if (type === "date") return isDay(text) ? text : undefined;
  if (type === "datetime2") return momentText(text);
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  return decimalText(text, Number(precision), Number(scale));
}

function wholeText(text: string, size: bigint): string | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace("+", ""));
  return value >= -(2n ** size) && value < 2n ** size ? String(value) : undefined;
}

/** Digits with at most one point, as a whole number and a power of ten. */
function parts(text: string): { negative: boolean; digits: bigint; exponent: number } | undefined {
  const [, sign, number = "", whole = "", fraction = ""] = /^([+-]?)((\d*)\.?(\d*))$/.exec(text) ?? [];
  if (!/\d/.test(number)) return undefined;
  return { negative: sign === "-", digits: BigInt(whole + fraction), exponent: -fraction.length };
}

function decimalText(text: string, precision: number, scale: number): string | undefined {
  const number = parts(text);
  if (number === undefined) return undefined;
  const shift = BigInt(10) ** BigInt(Math.abs(scale + number.exponent));
  const shifted = scale + number.exponent >= 0;
  if (!shifted && number.digits % shift !== 0n) return undefined;
  const value = shifted ? number.digits * shift : number.digits / shift;
  if (value >= 10n ** BigInt(precision)) return undefined;
  const digits = String(value).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${number.negative && value > 0n ? "-" : ""}${whole}${scale === 0 ? "" : `.${digits.slice(-scale)}`}`;
}

/** A float has 53 bits; a number so small that it would have fewer is none. */
const mantissa = 2n ** 53n;

/** The number is over / under, between 2^52 and 2^53, times a power of two. */
function scaled(text: string): { negative: boolean; over: bigint; under: bigint; two: number } | undefined {
  const [, number = "", power = "0"] = /^([^eE]*)(?:[eE]([+-]?\d{1,3}))?$/.exec(text) ?? [];
  const decimal = parts(number);
  if (decimal === undefined) return undefined;
  const { negative, digits } = decimal;
  const exponent = decimal.exponent + Number(power);
  const ten = 10n ** BigInt(Math.abs(exponent));
  let [over, under] = exponent >= 0 ? [digits * ten, 1n] : [digits, ten];
  if (over === 0n) return { negative, over, under, two: 0 };
  // First by the lengths, then to the bit.
  let two = (over.toString(16).length - under.toString(16).length) * 4 - 56;
  if (two > 0) under <<= BigInt(two);
  else over <<= BigInt(-two);
  for (; over >= mantissa * under; two += 1) under *= 2n;
  return { negative, over, under, two };
}

/** True for a text that is as far from one float as from the next. */
export function isBetweenFloats(text: string): boolean {
  const number = scaled(text);
  return number !== undefined && (number.over % number.under) * 2n === number.under;
}

function floatText(text: string): string | undefined {
  const number = scaled(text);
  if (number === undefined) return undefined;
  const { negative, over, under, two } = number;
  if (over === 0n) return "0";
  const rest = (over % under) * 2n;
  const down = over / under;
  const nearest = rest > under || (rest === under && down % 2n === 1n) ? down + 1n : down;
  const most = nearest === mantissa ? two + 1 : two;
  if (most > 1023 - 52 || most < -1022 - 52) return undefined;
  // In two steps, because the power alone can be too small.
  const value = Number(nearest) * 2 ** Math.trunc(two / 2) * 2 ** (two - Math.trunc(two / 2));
  return `${negative ? "-" : ""}${shortest(value)}`;
}

/** The fewest digits that read back as the number: plain from 1e-4 to 1e15. */
function shortest(value: number): string {
  const [, first = "", more = "", power = ""] =
    /^(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(value.toExponential()) ?? [];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 15) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${first}${more === "" ? "" : `.${more}`}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${first}${more}`;
  const digits = `${first}${more}`.padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return `${digits.slice(0, exponent + 1)}${fraction === "" ? "" : `.${fraction}`}`;
}

function bitText(text: string): string | undefined {
  if (/^(true|yes|y|1)$/i.test(text)) return "true";
  return /^(false|no|n|0)$/i.test(text) ? "false" : undefined;
}

function isDay(text: string): boolean {
  const [, ...parts] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year >= 1 && day >= 1 && day <= last;
}

function momentText(text: string): string | undefined {
  const [matched, day = "", hour = "00", minute = "00", second = "00", fraction = "0"] =
    /^(.{10})(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z?)?$/.exec(text) ?? [];
  if (matched === undefined || !isDay(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  if (!/^0*$/.test(fraction.slice(3))) return undefined;
  return `${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}`;
}
