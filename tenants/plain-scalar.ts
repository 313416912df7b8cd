/**
 * What Pulumi makes of a value without quotes. Its YAML parser (go-yaml 3) is between YAML 1.1 and 1.2: `yes` is text,
 * but `010` is octal, `1_000` a number and `2027-12-31` a time. `pulumi-reading.ltest.ts` compares this with the real CLI.
 */
export function plainValue(text: string): unknown {
  if (/^(~|null|Null|NULL)?$/.test(text)) return null;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN;
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return Number(text.replace(/\.inf/i, "Infinity"));
  return timeText(text) ?? numberOf(text) ?? text;
}

const signed = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const greatest = 2n ** 64n - 1n;

/** A whole number that JavaScript cannot hold is returned as its digits; undefined if the text is not a number. */
function numberOf(text: string): number | string | undefined {
  // After a leading point, underscores may be between digits only; after a digit or sign, anywhere.
  if (text.startsWith(".")) {
    const isNumber = /^\.\d+(_\d+)*([eE][-+]?\d+(_\d+)*)?$/.test(text);
    return isNumber ? finite(text.replaceAll("_", "")) : undefined;
  }
  if (!/^[-+\d]/.test(text)) return undefined;
  const digits = text.replaceAll("_", "");
  const whole = wholeOf(digits);
  if (whole !== undefined) return Number.isSafeInteger(Number(whole)) ? Number(whole) : String(whole);
  return /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(digits) ? finite(digits) : undefined;
}

/** A leading 0 makes it octal, as in C. */
function wholeOf(digits: string): bigint | undefined {
  const [, sign = "", octal, prefixed, decimal] =
    /^([-+]?)(?:0([0-7]+)|(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+)|(0|[1-9]\d*))$/.exec(digits) ?? [];
  const size = octal === undefined ? (prefixed ?? decimal) : `0o${octal}`;
  if (size === undefined) return undefined;
  const value = sign === "-" ? -BigInt(size) : BigInt(size);
  const fits = value >= signed[0] && (value <= signed[1] || (sign === "" && value <= greatest));
  return fits ? value : undefined;
}

function finite(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** A time as Pulumi passes it to the program, a form that no setting takes; undefined if the text is not a time. */
function timeText(text: string): string | undefined {
  const [, date, clock = "0:0:0", zone = "Z"] =
    /^(\d{4}-\d\d?-\d\d?)(?:(?:[Tt](?=.*(?:Z|[+-]\d\d:\d\d)$)| (?=[\d:.]+$))(\d\d?:\d\d?:\d\d?(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(
      text,
    ) ?? [];
  if (date === undefined) return undefined;
  const [day, hour] = [date, clock].map((part) => part.replace(/(^|[-:])(\d)(?=[-:.]|$)/g, "$10$2"));
  const time = new Date(`${day}T${hour}Z`);
  // JavaScript reads 30 February as a day in March.
  if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== day) return undefined;
  const offset = zone.replace(":", "");
  return `${day} ${hour} ${zone === "Z" ? "+0000 UTC" : `${offset} ${offset}`}`;
}
